// The forge over GitHub's REST, the same for every way of sending a call.
import { issueAnswer } from './answers.ts';
import { ensureComment, findComment } from './comments.ts';
import type { Forge } from './forge.ts';
import { GitHubClient, repositoryPath, type ForgeOptions } from './github-client.ts';
import { changeLabels } from './labels.ts';
import { ensurePullRequest, findPullRequest, findPullRequests } from './pull-requests.ts';
import type { GitHubRest } from './rest.ts';

/** Builds the port on a way of sending calls. */
export function forgeOver(rest: GitHubRest, options: ForgeOptions): Forge {
  const github = new GitHubClient(rest, options);
  return {
    viewer: async (signal) => (await github.viewer(signal)).login,
    getIssue: (repository, number, signal) =>
      github.read(`${repositoryPath(repository)}/issues/${number}`, issueAnswer, signal),
    findOpenPullRequest: (repository, headBranch, signal) => findPullRequest(github, repository, headBranch, signal),
    findPullRequests: (repository, headBranch, signal) => findPullRequests(github, repository, headBranch, signal),
    ensurePullRequest: (draft, signal) => ensurePullRequest(github, draft, signal),
    ensureComment: (repository, number, marker, body, signal) =>
      ensureComment(github, { repository, number, marker }, body, signal),
    findComment: (repository, number, marker, signal) => findComment(github, { repository, number, marker }, signal),
    changeLabels: (repository, number, change, signal) => changeLabels(github, { repository, number }, change, signal),
  };
}
