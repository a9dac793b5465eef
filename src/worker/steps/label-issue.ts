// The issue's label tells at a glance how its task ended. It is a courtesy: a token that may not label must not undo what was published.
import { CodedError } from '../../events/failure.ts';
import type { Task } from '../../events/task.ts';
import type { Runtime } from '../runtime.ts';

/** Adds the label of how the task ended and removes the other. A permanent failure is logged, a transient one thrown. */
export async function labelIssue(
  { forge, settings, log }: Runtime,
  task: Task,
  ended: 'done' | 'failed',
  signal: AbortSignal,
): Promise<void> {
  const { done, failed } = settings.labels;
  const change = ended === 'done' ? { add: [done], remove: [failed] } : { add: [failed], remove: [done] };
  try {
    await forge.changeLabels(task.repository, task.issueNumber, change, signal);
  } catch (error) {
    if (!(error instanceof CodedError) || error.failure.retryable) throw error;
    log.warn({ failure: error.failure }, 'the issue could not be labelled');
  }
}
