// The issue's label tells at a glance how its task ended. It is a courtesy: that it cannot be set must not undo what was published.
import { CodedError } from '../../events/failure.ts';
import type { Task } from '../../events/task.ts';
import type { Runtime } from '../runtime.ts';

/** Adds the label of how the task ended and removes the other. Tries again after a transient failure as often as a step would, then logs it. */
export async function labelIssue(
  { forge, settings, clock, log }: Runtime,
  task: Task,
  ended: 'done' | 'failed',
  signal: AbortSignal,
): Promise<void> {
  const { done, failed } = settings.labels;
  const change = ended === 'done' ? { add: [done], remove: [failed] } : { add: [failed], remove: [done] };
  for (let retries = 0; ; retries += 1) {
    try {
      await forge.changeLabels(task.repository, task.issueNumber, change, signal);
      return;
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      if (!error.failure.retryable || retries === settings.limits.retries) {
        log.warn({ failure: error.failure }, 'the issue could not be labelled');
        return;
      }
      await clock.sleep(settings.limits.retryWaitMs, signal);
    }
  }
}
