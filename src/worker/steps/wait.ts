// backing-off: waits until an instant that the journal knows, however often the worker is restarted meanwhile.
import { retryWaitMaxMs } from '../../events/bounds.ts';
import type { Runtime } from '../runtime.ts';
import type { TaskSteps } from './step.ts';

export function waitStep({ clock }: Runtime): TaskSteps['wait'] {
  return async ({ until }, signal) => {
    // A clock that was set back must not make the wait longer than any that was meant.
    await clock.sleep(Math.min(Math.max(0, until - clock.now()), retryWaitMaxMs), signal);
    return {};
  };
}
