// A task's folder may be taken away while it is in use, by a cleaner of caches for example: whoever meets that, it is the same expected failure.
import { CodedError, coded } from '../../events/failure.ts';
import { hasCode } from './folders.ts';

/** What `call` gives, throwing `CW-WORKSPACE-LOST` where it failed because something of the task's folder was not there any more. */
export async function tellingGone<Result>(call: Promise<Result>): Promise<Result> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof CodedError || !isGone(error)) throw error;
    throw coded('CW-WORKSPACE-LOST', 'The working copies of this task disappeared while they were in use.', {
      cause: error,
    });
  }
}

/** A program that could not be started in a missing folder says so by its cause. */
const isGone = (error: unknown): boolean =>
  hasCode(error, 'ENOENT') || (error instanceof Error && hasCode(error.cause, 'ENOENT'));
