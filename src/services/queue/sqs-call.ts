// One call to SQS: bounded in time, promptly aborted, its failure coded. The SDK alone would wait for ever on a connection that died in sleep.
import { queueCallMaxMs } from '../../events/bounds.ts';
import { coded } from '../../events/failure.ts';
import { queueFailure } from './sqs-failures.ts';

/**
 * Runs `work` with a signal that is also aborted after `timeLimitMs`. An abort rejects at once with the signal's reason, whatever the
 * SDK is doing; the time limit is `CW-QUEUE-UNAVAILABLE`. `handle` may turn an error into a result, else it is coded.
 */
export async function call<T>(
  name: string,
  work: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
  { timeLimitMs = queueCallMaxMs, handle = rethrow }: { timeLimitMs?: number; handle?: (error: unknown) => T } = {},
): Promise<T> {
  signal.throwIfAborted();
  const limit = AbortSignal.timeout(timeLimitMs);
  const either = AbortSignal.any([signal, limit]);
  try {
    return await untilAborted(work(either), either);
  } catch (error) {
    signal.throwIfAborted();
    if (limit.aborted) throw coded('CW-QUEUE-UNAVAILABLE', `${name}: no answer within ${timeLimitMs / 1000} s.`);
    try {
      return handle(error);
    } catch {
      throw queueFailure(name, error);
    }
  }
}

function rethrow(error: unknown): never {
  throw error;
}

/** The SDK notices an abort only between its waits for a retry, hence the race. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
