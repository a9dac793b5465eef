// What a task owes to the queue at its end is asked for until the queue answers: an outage delays it, only the end of the worker gives it up.
import { receiveBackoffMaxMs, receiveBackoffMinMs } from '../events/bounds.ts';
import { CodedError } from '../events/failure.ts';
import type { Runtime } from './runtime.ts';

/** Repeats `call` after coded failures, 1 to 60 s apart, until it succeeds. Throws its failure once `signal` is aborted; a running call is not cut off. */
export async function insist<T>(
  { clock, log }: Pick<Runtime, 'clock' | 'log'>,
  call: () => Promise<T>,
  signal: AbortSignal,
  problem = 'the message could not be settled',
): Promise<T> {
  for (let waitMs = receiveBackoffMinMs; ; waitMs = Math.min(waitMs * 2, receiveBackoffMaxMs)) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof CodedError) || signal.aborted) throw error;
      log.error({ failure: error.failure, backoffMs: waitMs }, `${problem}; trying again`);
      await clock.sleep(waitMs, signal).catch(() => {});
    }
  }
}
