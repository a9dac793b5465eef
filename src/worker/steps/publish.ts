// publishing: push the verified commit, then open its pull request and label the issue; each is found before it is made.
import type { PullRequest } from '../../services/forge/forge.ts';
import type { PublishInput } from '../../machines/task-actors.ts';
import type { Runtime } from '../runtime.ts';
import { pullRequestBody, pullRequestTitle } from '../texts/pull-request.ts';
import { labelIssue } from './label-issue.ts';
import { workspaceKey, type TaskSteps } from './step.ts';

export function publishStep(runtime: Runtime): TaskSteps['publish'] {
  return async (input, signal) => {
    const { task, change } = input;
    const pullRequest = (await openedEarlier(runtime, input, signal)) ?? (await pushAndOpen(runtime, input, signal));
    await labelIssue(runtime, task, 'done', signal);
    return { pullRequest: { number: pullRequest.number, url: pullRequest.url }, commit: change.head };
  };
}

/**
 * The pull request that an earlier try of this step opened before it was killed or could not label. People may have merged or closed it,
 * pushed to it or edited its text since: it is published all the same, and to push or open anything more would undo what they did.
 */
async function openedEarlier(
  { forge }: Runtime,
  { task, change }: PublishInput,
  signal: AbortSignal,
): Promise<PullRequest | undefined> {
  const found = await forge.findPullRequests(task.repository, task.branch, signal);
  return found.find(({ headCommit, body }) => headCommit === change.head || body.includes(task.id));
}

async function pushAndOpen(
  { workspace, forge, worker, settings }: Runtime,
  { task, clone, change, verification, fixes }: PublishInput,
  signal: AbortSignal,
): Promise<PullRequest> {
  await workspace.push(workspaceKey(task), { commit: change.head, expected: clone.remoteHead }, signal);
  const draft = {
    repository: task.repository,
    headBranch: task.branch,
    baseBranch: clone.base.branch,
    title: pullRequestTitle(task),
    body: pullRequestBody({ task, change, verification, fixes, workerId: worker.id }, settings.locale),
  };
  return forge.ensurePullRequest(draft, signal);
}
