// A failure is data: born with a stable code where it happens, journalled as it is, shown to a person with a hint.
import { failureCatalogue, type FailureCode } from './failure-codes.ts';
import { failureMessageMaxChars } from './bounds.ts';

/** What a failing command showed; its whole output lies in `log`. */
export type FailureEvidence = {
  /** The command as a person would type it. */
  command: string;
  /** Exit status; null when a signal or our time limit ended it. */
  exitCode: number | null;
  /** The bounded tail of its output, secrets masked. */
  outputTail: string;
  /** File beside the journal that holds the whole output. */
  log?: string;
};

/** The form in which a failure is journalled and given to the machine. Plain JSON, so that live and replayed values are equal. */
export type Failure = {
  code: FailureCode;
  /** One or two sentences for a person, bounded, secrets masked. */
  message: string;
  /** True when the same step may succeed if it is only tried again later. */
  retryable: boolean;
  /** What the operator can do about it, in English. */
  hint: string;
  /** Epoch milliseconds at which it happened. */
  at: number;
  /** Milliseconds that the other side asked us to wait (Retry-After, rate-limit reset). */
  retryAfterMs?: number;
  evidence?: FailureEvidence;
};

/** An expected failure on its way to the machine. Anything else that is thrown is a programmer error (`CW-INTERNAL`). */
export class CodedError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure, options?: ErrorOptions) {
    super(`${failure.code}: ${failure.message}`, options);
    this.name = 'CodedError';
    this.failure = failure;
  }
}

type FailureFacts = { at?: number; retryAfterMs?: number; evidence?: FailureEvidence; cause?: unknown };

/** Makes the error to throw for an expected failure; hint and retryable come from the catalogue. */
export function coded(code: FailureCode, message: string, facts: FailureFacts = {}): CodedError {
  const { retryable, hint } = failureCatalogue[code];
  const failure: Failure = {
    code,
    message: message.slice(0, failureMessageMaxChars),
    retryable,
    hint: hint.en,
    at: facts.at ?? Date.now(),
    ...(facts.retryAfterMs !== undefined && { retryAfterMs: facts.retryAfterMs }),
    ...(facts.evidence !== undefined && { evidence: facts.evidence }),
  };
  return new CodedError(failure, { cause: facts.cause });
}

/**
 * The failure that any thrown value stands for. A full disk may be met by whatever writes a file, and is told by Node's error code. An
 * unexpected one becomes `CW-INTERNAL` and keeps its message.
 */
export function failureOf(error: unknown): Failure {
  if (error instanceof CodedError) return error.failure;
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return coded(isFullDisk(error) ? 'CW-WORKSPACE-DISK' : 'CW-INTERNAL', text).failure;
}

const isFullDisk = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
