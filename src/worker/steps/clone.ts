// cloning: a working copy at the base commit, unless somebody's pull request already stands where ours would go.
import { coded } from '../../events/failure.ts';
import type { Runtime } from '../runtime.ts';
import { workspaceKey, type TaskSteps } from './step.ts';

export function cloneStep({ workspace, forge }: Runtime): TaskSteps['clone'] {
  return async ({ task }, signal) => {
    if (task.kind === 'pr_comment') {
      throw coded('CW-TASK-UNSUPPORTED', 'Follow-up commits on a pull request are not supported yet.');
    }
    const cloned = await workspace.clone(workspaceKey(task), signal);
    const open = cloned.remoteHead && (await forge.findOpenPullRequest(task.repository, task.branch, signal));
    if (open) {
      throw coded('CW-GIT-BRANCH-TAKEN', `Pull request #${open.number} is open for the branch ${task.branch}.`);
    }
    return cloned;
  };
}
