// Which failure an HTTP answer of GitHub is: by status and headers, never by its wording.
import { z } from 'zod';
import { forgeAnswerMaxChars, forgeRateLimitWaitDefaultMs } from '../../events/bounds.ts';
import { coded, type CodedError } from '../../events/failure.ts';
import type { FailureCode } from '../../events/failure-codes.ts';
import type { Mask } from '../process/mask.ts';
import type { RestAnswer, RestCall } from './rest.ts';

const problem = z.looseObject({
  message: z.string().default(''),
  documentation_url: z.string().optional(),
  errors: z.array(z.unknown()).default([]),
});

/** The failure to throw for an answer that is none of 2xx. `now` in epoch milliseconds. */
export function failureOfAnswer(call: RestCall, answer: RestAnswer, mask: Mask, now: number): CodedError {
  const limited = rateLimitWaitMs(answer, now);
  const said = `GitHub answered ${answer.status} to ${call.method} ${call.path}`;
  const message = mask(`${said}: ${explanation(answer.body)}`);
  if (limited !== undefined) return coded('CW-GITHUB-RATE-LIMIT', message, { retryAfterMs: limited });
  return coded(codeOf(answer.status), message);
}

function codeOf(status: number): FailureCode {
  if (status === 401) return 'CW-GITHUB-AUTH';
  if (status === 403) return 'CW-GITHUB-FORBIDDEN';
  if (status === 404 || status === 410) return 'CW-GITHUB-NOT-FOUND';
  if (status >= 400 && status < 500 && status !== 408) return 'CW-GITHUB-INVALID';
  return 'CW-GITHUB-UNAVAILABLE';
}

/** How long a rate limit asks to wait, in milliseconds; undefined when the answer is no rate limit. */
function rateLimitWaitMs({ status, headers, body }: RestAnswer, now: number): number | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const retryAfterSeconds = Number(headers['retry-after'] ?? Number.NaN);
  if (Number.isFinite(retryAfterSeconds)) return retryAfterSeconds * 1000;
  const resetSeconds = Number(headers['x-ratelimit-reset'] ?? Number.NaN);
  if (headers['x-ratelimit-remaining'] === '0' && Number.isFinite(resetSeconds)) {
    return Math.max(1000, resetSeconds * 1000 - now);
  }
  // A secondary limit may come without headers; then GitHub names it by the page that explains it.
  const page = problem.safeParse(body).data?.documentation_url ?? '';
  return status === 429 || page.endsWith('rate-limits') ? forgeRateLimitWaitDefaultMs : undefined;
}

/** What GitHub says, with its details: a 422 explains itself only there. */
function explanation(body: unknown): string {
  const parsed = problem.safeParse(body);
  if (!parsed.success) return typeof body === 'string' ? body.slice(0, forgeAnswerMaxChars) : 'no explanation';
  const details = parsed.data.errors.map((error) => (typeof error === 'string' ? error : detail(error)));
  return [parsed.data.message, ...details].join(' · ');
}

const fieldError = z.looseObject({
  message: z.string().optional(),
  resource: z.string().optional(),
  field: z.string().optional(),
  code: z.string().optional(),
});

function detail(error: unknown): string {
  const { message, resource, field, code } = fieldError.safeParse(error).data ?? {};
  return message ?? [resource, field, code].filter((part) => part !== undefined).join(' ');
}
