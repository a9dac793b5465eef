// backing-off: waits until an instant that the journal knows, however often the worker is restarted meanwhile.
import type { Runtime } from '../runtime.ts';
import type { TaskSteps } from './step.ts';

export function waitStep({ clock }: Runtime): TaskSteps['wait'] {
  return async ({ until }, signal) => {
    await clock.sleep(Math.max(0, until - clock.now()), signal);
    return {};
  };
}
