// Asks GitHub: each call within its time limit, each refusal turned into its failure, each answer parsed.
import type { z } from 'zod';
import { forgeCallMaxMs } from '../../events/bounds.ts';
import { CodedError, coded } from '../../events/failure.ts';
import { systemClock, type Clock } from '../clock/clock.ts';
import type { Mask } from '../process/mask.ts';
import { viewerAnswer } from './answers.ts';
import { failureOfAnswer } from './rest-failure.ts';
import type { GitHubRest, RestAnswer, RestCall } from './rest.ts';

export type ForgeOptions = {
  /** Applied to what GitHub says before it becomes a failure's message. */
  mask: Mask;
  /** Limit of one REST call with its retries, in milliseconds. */
  callMaxMs?: number;
  /** Where time comes from. */
  clock?: Pick<Clock, 'now' | 'timeout'>;
};

type Viewer = z.infer<typeof viewerAnswer>;

/** The path of a repository below the API's root. */
export const repositoryPath = (repository: string): string =>
  `/repos/${repository.split('/').map(encodeURIComponent).join('/')}`;

/** Every method throws the port's errors. */
export class GitHubClient {
  readonly #rest: GitHubRest;
  readonly #mask: Mask;
  readonly #callMaxMs: number;
  readonly #clock: Pick<Clock, 'now' | 'timeout'>;
  #viewer: Viewer | undefined;

  constructor(rest: GitHubRest, { mask, callMaxMs = forgeCallMaxMs, clock = systemClock }: ForgeOptions) {
    this.#rest = rest;
    this.#mask = mask;
    this.#callMaxMs = callMaxMs;
    this.#clock = clock;
  }

  /** Whose token it is; asked once, because a token's owner does not change. */
  async viewer(signal: AbortSignal): Promise<Viewer> {
    this.#viewer ??= await this.read('/user', viewerAnswer, signal);
    return this.#viewer;
  }

  read<T>(path: string, shape: z.ZodType<T>, signal: AbortSignal): Promise<T> {
    return this.ask({ method: 'GET', path }, shape, signal);
  }

  async ask<T>(call: RestCall, shape: z.ZodType<T>, signal: AbortSignal): Promise<T> {
    return this.parsed(call, await this.send(call, signal), shape);
  }

  /**
   * A POST to a list, whose answer is what was made. A list in answer is that of another place: GitHub redirects the calls for an issue that
   * was transferred, and HTTP clients follow such a redirect by reading. Throws `CW-GITHUB-NOT-FOUND` then.
   */
  async create<T>(
    path: string,
    body: NonNullable<RestCall['body']>,
    shape: z.ZodType<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const call = { method: 'POST', path, body } as const;
    const answer = await this.send(call, signal);
    if (Array.isArray(answer.body)) throw coded('CW-GITHUB-NOT-FOUND', `GitHub answered that ${path} has moved.`);
    return this.parsed(call, answer, shape);
  }

  parsed<T>(call: RestCall, answer: RestAnswer, shape: z.ZodType<T>): T {
    const parsed = shape.safeParse(answer.body);
    if (parsed.success) return parsed.data;
    // A proxy's or captive portal's page, most likely: it may be gone the next time.
    throw coded('CW-GITHUB-UNAVAILABLE', `The answer to ${call.method} ${call.path} was none of GitHub's.`);
  }

  /** Resolves with a 2xx answer only. */
  async send(call: RestCall, signal: AbortSignal): Promise<RestAnswer> {
    signal.throwIfAborted();
    const limit = this.#clock.timeout(this.#callMaxMs);
    try {
      const answer = await this.#rest(call, AbortSignal.any([signal, limit]));
      if (answer.status >= 200 && answer.status < 300) return answer;
      throw failureOfAnswer(call, answer, this.#mask, this.#clock.now());
    } catch (error) {
      signal.throwIfAborted();
      if (!limit.aborted || error instanceof CodedError) throw error;
      const seconds = Math.ceil(this.#callMaxMs / 1000);
      throw coded('CW-GITHUB-UNAVAILABLE', `GitHub did not answer ${call.method} ${call.path} within ${seconds} s.`);
    }
  }
}
