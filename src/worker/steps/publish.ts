// publishing: push the verified commit, then open its pull request and label the issue; each is found before it is made.
import type { Runtime } from '../runtime.ts';
import { pullRequestBody, pullRequestTitle } from '../texts/pull-request.ts';
import { labelIssue } from './label-issue.ts';
import { workspaceKey, type TaskSteps } from './step.ts';

export function publishStep(runtime: Runtime): TaskSteps['publish'] {
  const { workspace, forge, worker, settings } = runtime;
  return async ({ task, clone, change, verification, fixes }, signal) => {
    const push = { commit: change.head, expected: clone.remoteHead };
    await workspace.push(workspaceKey(task), push, signal);
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
