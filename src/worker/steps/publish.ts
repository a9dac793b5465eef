// publishing: push the verified commit, then open its pull request and label the issue; each is found before it is made.
import { CodedError } from '../../events/failure.ts';
import type { Task } from '../../events/task.ts';
import type { Runtime } from '../runtime.ts';
import { pullRequestBody, pullRequestTitle } from '../texts/pull-request.ts';
import { labelIssue } from './label-issue.ts';
import { workspaceKey, type TaskSteps } from './step.ts';

export function publishStep(runtime: Runtime): TaskSteps['publish'] {
  const { workspace, forge, worker, settings } = runtime;
  return async ({ task, clone, change, verification, fixes }, signal) => {
    const push = { commit: change.head, expected: clone.remoteHead };
    try {
      await workspace.push(workspaceKey(task), push, signal);
    } catch (error) {
      if (!isLost(error) || !(await isPublished(runtime, task, change.head, signal))) throw error;
    }
    const draft = {
      repository: task.repository,
      headBranch: task.branch,
      baseBranch: clone.base.branch,
      title: pullRequestTitle(task),
      body: pullRequestBody({ task, change, verification, fixes, workerId: worker.id }, settings.locale),
    };
    const pullRequest = await forge.ensurePullRequest(draft, signal);
    await labelIssue(runtime, task, 'done', signal);
    return { pullRequest: { number: pullRequest.number, url: pullRequest.url }, commit: change.head };
  };
}

const isLost = (error: unknown): boolean => error instanceof CodedError && error.failure.code === 'CW-WORKSPACE-LOST';

/** Killed after its pull request was opened, and the working copy gone since: then there is nothing to push, and it would be a lie to report a failure. */
async function isPublished({ forge }: Runtime, task: Task, head: string, signal: AbortSignal): Promise<boolean> {
  return (await forge.findOpenPullRequest(task.repository, task.branch, signal))?.headCommit === head;
}
