// Issues, comments, labels and reactions as GitHub's REST answers describe them.
import type { components } from '@octokit/openapi-types';
import { association, simpleUser } from './account-bodies.ts';
import { repositoryUrl } from './repository-bodies.ts';
import type { GitHubState, Repository, StoredComment, StoredIssue, StoredReaction } from './state.ts';

type Schemas = components['schemas'];
type Place = { state: GitHubState; repository: Repository; origin: string };

export const issueHtmlUrl = (repository: Repository, issue: StoredIssue, origin: string): string =>
  `${origin}/${repository.fullName}/${issue.pull === undefined ? 'issues' : 'pull'}/${issue.number}`;

export function issueBody(issue: StoredIssue, { state, repository, origin }: Place): Schemas['issue'] {
  const url = `${repositoryUrl(repository, origin)}/issues/${issue.number}`;
  const author = state.account(issue.author);
  return {
    id: issue.id,
    node_id: `I_${issue.id}`,
    url,
    repository_url: repositoryUrl(repository, origin),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: issueHtmlUrl(repository, issue, origin),
    number: issue.number,
    state: issue.state,
    state_reason: issue.state === 'closed' ? 'completed' : null,
    title: issue.title,
    body: issue.body === '' ? null : issue.body,
    user: simpleUser(author, origin),
    labels: issue.labels.map((name) => labelBody(name, { state, repository, origin })),
    assignee: null,
    assignees: [],
    milestone: null,
    locked: false,
    comments: repository.comments.filter((comment) => comment.issueNumber === issue.number).length,
    closed_at: issue.closedAt,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    author_association: association(author, repository),
    ...(issue.pull !== undefined && pullLinks(issue, repository, origin)),
  };
}

function pullLinks(issue: StoredIssue, repository: Repository, origin: string): Pick<Schemas['issue'], 'pull_request'> {
  const html = issueHtmlUrl(repository, issue, origin);
  const url = `${repositoryUrl(repository, origin)}/pulls/${issue.number}`;
  const merged = { merged_at: issue.pull?.mergedAt ?? null };
  return { pull_request: { url, html_url: html, diff_url: `${html}.diff`, patch_url: `${html}.patch`, ...merged } };
}

export function labelBody(name: string, { state, repository, origin }: Place) {
  const label = state.label(repository, name);
  return {
    id: label.id,
    node_id: `LA_${label.id}`,
    url: `${repositoryUrl(repository, origin)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    // GitHub answers null for a label without description; only the list of pull requests is typed otherwise.
    description: '',
    color: label.color,
    default: false,
  } satisfies Schemas['label'];
}

export function commentBody(comment: StoredComment, { state, repository, origin }: Place): Schemas['issue-comment'] {
  const url = repositoryUrl(repository, origin);
  const issue = repository.issues.get(comment.issueNumber);
  const kind = issue?.pull === undefined ? 'issues' : 'pull';
  const author = state.account(comment.author);
  return {
    id: comment.id,
    node_id: `IC_${comment.id}`,
    url: `${url}/issues/comments/${comment.id}`,
    html_url: `${origin}/${repository.fullName}/${kind}/${comment.issueNumber}#issuecomment-${comment.id}`,
    issue_url: `${url}/issues/${comment.issueNumber}`,
    body: comment.body,
    user: simpleUser(author, origin),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: association(author, repository),
  };
}

export const reactionContents = ['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'rocket', 'eyes'] as const;
export type ReactionContent = (typeof reactionContents)[number];

export function reactionBody(
  reaction: StoredReaction,
  content: ReactionContent,
  { state, origin }: Place,
): Schemas['reaction'] {
  const user = simpleUser(state.account(reaction.author), origin);
  return { id: reaction.id, node_id: `REA_${reaction.id}`, user, content, created_at: reaction.createdAt };
}
