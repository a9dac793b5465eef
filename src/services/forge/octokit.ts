// The forge by Octokit, whose plugins space writes out and repeat what is safe to repeat. No wait of theirs is long.
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';
import { z } from 'zod';
import { forgeRateLimitWaitMaxSeconds, forgeRetriesMax } from '../../events/bounds.ts';
import { coded } from '../../events/failure.ts';
import type { Forge } from './forge.ts';
import type { ForgeOptions } from './github-client.ts';
import { forgeOver } from './github-forge.ts';
import type { GitHubRest, RestAnswer, RestCall } from './rest.ts';

export type OctokitOptions = ForgeOptions & {
  /** `https://api.github.com`, or `https://HOST/api/v3` of an Enterprise server. */
  apiUrl: string;
  token: string;
  userAgent: string;
  /**
   * Keeps a second between writes and three between those that notify people, as GitHub asks for; on if not given. Only a server
   * that is not GitHub should go without.
   */
  spaceWrites?: boolean;
};

const PluggedOctokit = Octokit.plugin(retry, throttling);
const silent = (): void => undefined;
// Octokit and its plugins would write to the console; what matters comes back as a failure.
const log = { debug: silent, info: silent, warn: silent, error: silent };

/** The port by `@octokit/rest`. */
export const octokitForge = (options: OctokitOptions): Forge => forgeOver(octokitRest(options), options);

function octokitRest(options: OctokitOptions): GitHubRest {
  const client = new PluggedOctokit({
    auth: options.token,
    baseUrl: options.apiUrl.replace(/\/+$/, ''),
    userAgent: options.userAgent,
    log,
    // A 4xx is an answer; the plugin's own list leaves out 409 and 429.
    retry: { retries: forgeRetriesMax, doNotRetry: [400, 401, 403, 404, 409, 410, 422, 429, 451] },
    throttle: {
      enabled: options.spaceWrites ?? true,
      id: options.apiUrl,
      onRateLimit: waitsBriefly,
      onSecondaryRateLimit: waitsBriefly,
    },
  });
  return async (call, signal) => {
    try {
      return await orAborted(client.request(requestOf(call, signal)), signal);
    } catch (error) {
      signal.throwIfAborted();
      const answer = answerIn(error);
      if (answer !== undefined) return answer;
      const reason = error instanceof Error ? error.message : String(error);
      const said = `No answer to ${call.method} ${call.path}: ${options.mask(reason)}`;
      throw coded('CW-GITHUB-UNAVAILABLE', said, { cause: error });
    }
  };
}

/** A slot is not held for a limit's hour: a longer wait becomes a failure that says how long. */
const waitsBriefly = (retryAfterSeconds: number, _options: object, _octokit: object, retryCount: number): boolean =>
  retryCount === 0 && retryAfterSeconds <= forgeRateLimitWaitMaxSeconds;

function requestOf(call: RestCall, signal: AbortSignal) {
  // The retry plugin repeats a POST as well, also one that took effect before its connection broke.
  const request = { signal, log, ...(call.method === 'POST' && { retries: 0 }) };
  const data = call.body === undefined ? {} : { data: call.body };
  return { method: call.method, url: call.path, request, ...data };
}

/** The plugins' pauses do not look at the signal. */
async function orAborted(
  pending: Promise<{ status: number; headers: object; data: unknown }>,
  signal: AbortSignal,
): Promise<RestAnswer> {
  const stop = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { signal: stop.signal });
  });
  try {
    const { status, headers, data } = await Promise.race([pending, aborted]);
    return { status, headers: headersOf(headers), body: data };
  } finally {
    stop.abort();
  }
}

const headersOf = (headers: object): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));

const httpError = z.looseObject({
  name: z.literal('HttpError'),
  status: z.number(),
  response: z.looseObject({ headers: z.looseObject({}), data: z.unknown() }),
});

/** Octokit throws for a status of 400 and above; without a response in it, the network failed. */
function answerIn(error: unknown): RestAnswer | undefined {
  const parsed = httpError.safeParse(error);
  if (!parsed.success) return undefined;
  const { status, response } = parsed.data;
  return { status, headers: headersOf(response.headers), body: response.data };
}
