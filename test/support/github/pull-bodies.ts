// Pull requests as GitHub's REST answers describe them.
import type { components } from '@octokit/openapi-types';
import { association, simpleUser } from './account-bodies.ts';
import { changeNumbers, commitOf, countCommits } from './bare-repository.ts';
import { issueHtmlUrl, labelBody } from './issue-bodies.ts';
import { repositoryBody, repositoryUrl } from './repository-bodies.ts';
import type { GitHubState, Permission, Repository, StoredIssue, StoredPull } from './state.ts';

type Schemas = components['schemas'];
type Place = { state: GitHubState; repository: Repository; origin: string; permission: Permission };
export type StoredPullRequest = StoredIssue & { pull: StoredPull };

/** The two ends of the change: the base as it was before a merge, for otherwise a merged change would look empty. */
export const rangeOf = (pull: StoredPull): readonly [base: string, head: string] => [
  pull.mergeCommit === undefined ? pull.baseBranch : `${pull.mergeCommit}^1`,
  pull.headCommit,
];

/** As in a list. */
export async function pullSimpleBody(issue: StoredPullRequest, place: Place) {
  const { state, repository, origin } = place;
  const { pull } = issue;
  const author = state.account(issue.author);
  const baseCommit = (await commitOf(repository.directory, pull.baseBranch)) ?? pull.headCommit;
  return {
    ...addresses(issue, place),
    id: issue.id,
    node_id: `PR_${issue.id}`,
    number: issue.number,
    state: issue.state,
    locked: false,
    title: issue.title,
    user: simpleUser(author, origin),
    body: issue.body === '' ? null : issue.body,
    labels: issue.labels.map((name) => labelBody(name, place)),
    milestone: null,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.mergedAt ?? null,
    merge_commit_sha: pull.mergeCommit ?? null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    head: side(pull.headBranch, pull.headCommit, place),
    base: side(pull.baseBranch, baseCommit, place),
    author_association: association(author, repository),
    auto_merge: null,
    draft: pull.draft,
  } satisfies Schemas['pull-request-simple'];
}

/** As it is when asked for alone. */
export async function pullBody(issue: StoredPullRequest, place: Place): Promise<Schemas['pull-request']> {
  const { repository, state, origin } = place;
  const { pull } = issue;
  const range = [repository.directory, ...rangeOf(pull)] as const;
  const { changedFiles, additions, deletions } = await changeNumbers(...range);
  const merged = pull.mergedAt !== undefined;
  return {
    ...(await pullSimpleBody(issue, place)),
    merged,
    mergeable: issue.state === 'open' ? true : null,
    mergeable_state: issue.state === 'open' ? 'clean' : 'unknown',
    merged_by: merged ? simpleUser(state.account(repository.owner), origin) : null,
    comments: repository.comments.filter((comment) => comment.issueNumber === issue.number).length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: await countCommits(...range),
    additions,
    deletions,
    changed_files: changedFiles,
  };
}

function side(branch: string, commit: string, place: Place) {
  const { state, repository, origin, permission } = place;
  return {
    label: `${repository.owner}:${branch}`,
    ref: branch,
    sha: commit,
    user: simpleUser(state.account(repository.owner), origin),
    repo: repositoryBody(repository, { state, origin, permission }),
  };
}

function addresses(issue: StoredPullRequest, { repository, origin }: Place) {
  const html = issueHtmlUrl(repository, issue, origin);
  const root = repositoryUrl(repository, origin);
  const url = `${root}/pulls/${issue.number}`;
  const issueUrl = `${root}/issues/${issue.number}`;
  const link = (href: string) => ({ href });
  const urls = {
    url,
    html_url: html,
    issue_url: issueUrl,
    comments_url: `${issueUrl}/comments`,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${root}/pulls/comments{/number}`,
    statuses_url: `${root}/statuses/${issue.pull.headCommit}`,
  };
  const links = {
    self: link(url),
    html: link(html),
    issue: link(issueUrl),
    comments: link(urls.comments_url),
    commits: link(urls.commits_url),
    review_comments: link(urls.review_comments_url),
    review_comment: link(urls.review_comment_url),
    statuses: link(urls.statuses_url),
  };
  return { ...urls, diff_url: `${html}.diff`, patch_url: `${html}.patch`, _links: links };
}
