// The issue's labels tell at a glance how its last task ended and whether a pull request of ours waits for a person. They are a courtesy:
// that they cannot be set must not undo what was published.
import { CodedError } from '../../events/failure.ts';
import type { Task } from '../../events/task.ts';
import type { Runtime } from '../runtime.ts';

/**
 * Adds the label of how the task ended and removes the other. A failure leaves `done` where an earlier task's pull request is open, for that
 * still waits to be reviewed. Tries again after a transient failure as often as a step would, then logs it.
 */
export async function labelIssue(
  runtime: Runtime,
  task: Task,
  ended: 'done' | 'failed',
  signal: AbortSignal,
): Promise<void> {
  const { forge, settings, clock, log } = runtime;
  const { done, failed } = settings.labels;
  const label = async (): Promise<void> => {
    const failure = async () => ({ add: [failed], remove: (await mayStand(runtime, task, signal)) ? [] : [done] });
    const change = ended === 'done' ? { add: [done], remove: [failed] } : await failure();
    await forge.changeLabels(task.repository, task.issueNumber, change, signal);
  };
  for (let retries = 0; ; retries += 1) {
    try {
      return await label();
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

/** Whether a pull request of the task's branch is open. A token that may not look has not seen that there is none. */
async function mayStand({ forge }: Runtime, { repository, branch }: Task, signal: AbortSignal): Promise<boolean> {
  try {
    return (await forge.findOpenPullRequest(repository, branch, signal)) !== undefined;
  } catch (error) {
    if (!(error instanceof CodedError) || error.failure.retryable) throw error;
    return true;
  }
}
