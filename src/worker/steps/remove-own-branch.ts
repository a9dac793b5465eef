// Takes back what was pushed for a task that gets no pull request.
import { CodedError } from '../../events/failure.ts';
import type { Task } from '../../events/task.ts';
import type { Runtime } from '../runtime.ts';
import { workspaceKey } from './step.ts';

/** A branch that holds our unpublished commit would look like work in progress for ever. What cannot be removed must not stop the explanation. */
export async function removeOwnBranch(
  { workspace, forge, log }: Runtime,
  task: Task,
  head: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    if (await forge.findOpenPullRequest(task.repository, task.branch, signal)) return;
    await workspace.deleteRemoteBranch(workspaceKey(task), head, signal);
  } catch (error) {
    if (!(error instanceof CodedError) || error.failure.retryable) throw error;
    log.warn({ failure: error.failure }, 'the branch could not be removed');
  }
}
