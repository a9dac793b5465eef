// Issues: list, get, create, update. A pull request is an issue too, as on GitHub.
import { z } from 'zod';
import { jsonBody, numberParam, type JsonReply, type RepositoryCall } from './exchange.ts';
import { issueBody } from './issue-bodies.ts';
import { page } from './pagination.ts';
import { gone, invalid, notFound, Problem } from './problem.ts';
import { timestamp, type StoredIssue } from './state.ts';

/** Characters that GitHub accepts in the body of an issue, pull request or comment. */
const bodyMaxChars = 65_536;
const titleMaxChars = 256;

/** The issue or pull request that the path names; 410 when it was deleted, 301 when it was transferred. */
export function issueOf(call: RepositoryCall): StoredIssue {
  const issue = call.repository.issues.get(numberParam(call, 'number'));
  if (issue === undefined) throw notFound();
  if (issue.deleted) throw gone('This issue was deleted');
  if (issue.movedTo !== undefined) throw moved(call, issue.movedTo);
  return issue;
}

/** 301 to the same call at the issue's new place. */
function moved({ exchange }: RepositoryCall, to: NonNullable<StoredIssue['movedTo']>): Problem {
  const rest = exchange.path.replace(/^\/repos\/[^/]+\/[^/]+\/issues\/\d+/, '');
  const url = `${exchange.origin}/api/v3/repositories/${to.repositoryId}/issues/${to.number}${rest}`;
  return new Problem(301, 'Moved Permanently', { url }, { location: url });
}

/** Characters as GitHub counts them: code points. */
export const lengthOf = (text: string): number => Array.from(text).length;

export const placeOf = (call: RepositoryCall) => ({
  state: call.state,
  repository: call.repository,
  origin: call.exchange.origin,
  permission: call.permission,
});

/** Refuses what GitHub refuses as a title or body. */
export function checkText(resource: string, title: string | undefined, body: string | null | undefined): void {
  if (title?.trim() === '') throw invalid({ resource, field: 'title', code: 'missing_field' });
  const long = (max: number) => `is too long (maximum is ${max} characters)`;
  if (title !== undefined && lengthOf(title) > titleMaxChars) {
    throw invalid({ resource, field: 'title', code: 'custom', message: `title ${long(titleMaxChars)}` });
  }
  if (typeof body === 'string' && lengthOf(body) > bodyMaxChars) {
    throw invalid({ resource, field: 'body', code: 'custom', message: `body ${long(bodyMaxChars)}` });
  }
}

export function getIssue(call: RepositoryCall): JsonReply {
  return { status: 200, json: issueBody(issueOf(call), placeOf(call)) };
}

export function listIssues(call: RepositoryCall): Promise<JsonReply> {
  const state = call.exchange.query.get('state') ?? 'open';
  const labels = (call.exchange.query.get('labels') ?? '').split(',').filter((name) => name !== '');
  const wanted = [...call.repository.issues.values()]
    .filter((issue) => !issue.deleted && (state === 'all' || issue.state === state))
    .filter((issue) => labels.every((name) => issue.labels.includes(name)));
  return page(call, wanted.toReversed(), (issue) => issueBody(issue, placeOf(call)));
}

const newIssue = z.looseObject({
  title: z.string().optional(),
  body: z.string().nullish(),
  labels: z.array(z.string()).optional(),
});

export function createIssue(call: RepositoryCall): JsonReply {
  const { title, body, labels } = jsonBody(call, newIssue);
  if (title === undefined) throw invalid({ resource: 'Issue', field: 'title', code: 'missing_field' });
  checkText('Issue', title, body);
  const facts = { title, body: body ?? '', labels: labels ?? [], author: call.viewer.login };
  return { status: 201, json: issueBody(call.state.addIssue(call.repository, facts), placeOf(call)) };
}

const issueChange = z.looseObject({
  title: z.string().optional(),
  body: z.string().nullish(),
  state: z.enum(['open', 'closed']).optional(),
  labels: z.array(z.string()).optional(),
});

export function updateIssue(call: RepositoryCall): JsonReply {
  const issue = issueOf(call);
  const change = jsonBody(call, issueChange);
  checkText('Issue', change.title, change.body);
  if (change.labels !== undefined) {
    issue.labels = change.labels.map((name) => call.state.label(call.repository, name).name);
  }
  changeIssue(issue, change);
  return { status: 200, json: issueBody(issue, placeOf(call)) };
}

/** Applies what issues and pull requests have in common. */
export function changeIssue(
  issue: StoredIssue,
  change: { title?: string | undefined; body?: string | null | undefined; state?: 'open' | 'closed' | undefined },
): void {
  issue.title = change.title ?? issue.title;
  if (change.body !== undefined) issue.body = change.body ?? '';
  if (change.state !== undefined && change.state !== issue.state) {
    issue.state = change.state;
    issue.closedAt = change.state === 'closed' ? timestamp() : null;
  }
  issue.updatedAt = timestamp();
}
