// reporting: take back what was pushed, then say on the issue why there is no pull request.
import { CodedError } from '../../events/failure.ts';
import type { Runtime } from '../runtime.ts';
import { explanation } from '../texts/explanation.ts';
import { labelIssue } from './label-issue.ts';
import { workspaceKey, type TaskSteps } from './step.ts';

export function reportStep(runtime: Runtime): TaskSteps['report'] {
  const { forge, worker, settings } = runtime;
  return async (input, signal) => {
    const { task, change } = input;
    if (change) await removeOwnBranch(runtime, task, change.head, signal);
    const marker = `<!-- codingworker task=${task.id} step=report -->`;
    const body = explanation({ ...input, workerId: worker.id, marker }, settings.locale);
    const comment = await forge.ensureComment(task.repository, task.issueNumber, marker, body, signal);
    await labelIssue(runtime, task, 'failed', signal);
    return { comment };
  };
}

/** A branch that holds our unpublished commit would look like work in progress for ever. What cannot be removed must not stop the explanation. */
async function removeOwnBranch(
  { workspace, forge, log }: Runtime,
  task: Parameters<typeof workspaceKey>[0],
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
