// Pages for people: a repository, an issue or a pull request as GitHub would show it. They need no token and run no script.
import { diffBetween } from './bare-repository.ts';
import type { Exchange, Reply } from './exchange.ts';
import { escapeHtml, markdownToHtml } from './markdown.ts';
import { rangeOf } from './pull-bodies.ts';
import { currentPulls } from './pull-routes.ts';
import type { GitHubState, Repository, StoredIssue } from './state.ts';
import { stylesheet } from './stylesheet.ts';

const pagePath = /^\/([^/]+)\/([^/]+)(?:\/(issues|pull)\/(\d+))?(\.diff)?\/?$/;

/** The page of a path; 404 for every other. */
export async function answerPage(state: GitHubState, exchange: Exchange): Promise<Reply> {
  const [, owner = '', name = '', , number, diff] = pagePath.exec(exchange.path) ?? [];
  const repository = state.find(`${owner}/${name}`);
  if (exchange.method !== 'GET' || repository === undefined) return plain(404, 'Not Found\n');
  await currentPulls(repository);
  if (number === undefined) return html(repository.fullName, overview(repository));
  const issue = repository.issues.get(Number(number));
  if (issue === undefined || issue.deleted) return plain(404, 'Not Found\n');
  const change = issue.pull === undefined ? '' : await diffBetween(repository.directory, ...rangeOf(issue.pull));
  if (diff !== undefined) return plain(200, `${change}\n`);
  return html(`${issue.title} · ${repository.fullName}`, issuePage(repository, issue, change));
}

const plain = (status: number, body: string): Reply => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
  body,
});

function html(title: string, body: string): Reply {
  const head = `<meta charset="utf-8"><title>${escapeHtml(title)}</title><style>${stylesheet}</style>`;
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  };
  return {
    status: 200,
    headers,
    body: `<!doctype html><html lang="en"><head>${head}</head><body>${body}</body></html>\n`,
  };
}

const addressOf = (repository: Repository, issue: StoredIssue): string =>
  `/${repository.fullName}/${issue.pull === undefined ? 'issues' : 'pull'}/${issue.number}`;

function overview(repository: Repository): string {
  const rows = [...repository.issues.values()].filter((issue) => !issue.deleted).toReversed();
  const items = rows.map((issue) => {
    const link = `<a href="${escapeHtml(addressOf(repository, issue))}">${escapeHtml(issue.title)}</a>`;
    return `<li>${badge(issue)} ${link} <small>#${issue.number}</small> ${labels(issue)}</li>`;
  });
  return `<h1>${escapeHtml(repository.fullName)}</h1><ul class="list">${items.join('')}</ul>`;
}

function stateOf(issue: StoredIssue): string {
  if (issue.pull?.mergedAt !== undefined) return 'merged';
  return issue.state;
}

function badge(issue: StoredIssue): string {
  const kind = issue.pull === undefined ? 'Issue' : 'Pull request';
  return `<span class="badge ${stateOf(issue)}">${kind} · ${stateOf(issue)}</span>`;
}

const labels = (issue: StoredIssue): string =>
  issue.labels.map((name) => `<span class="label">${escapeHtml(name)}</span>`).join(' ');

function issuePage(repository: Repository, issue: StoredIssue, change: string): string {
  const home = escapeHtml(`/${repository.fullName}`);
  const comments = repository.comments.filter((comment) => comment.issueNumber === issue.number);
  return [
    `<p><a href="${home}">${escapeHtml(repository.fullName)}</a></p>`,
    `<h1>${escapeHtml(issue.title)} <small>#${issue.number}</small></h1>`,
    `<p>${badge(issue)} ${mergeLine(issue)} ${labels(issue)}</p>`,
    post(issue.author, issue.createdAt, issue.body),
    ...comments.map((comment) => post(comment.author, comment.createdAt, comment.body, `issuecomment-${comment.id}`)),
    issue.pull === undefined ? '' : `<h2>Files changed</h2>${diffHtml(change)}`,
  ].join('\n');
}

function mergeLine({ author, pull }: StoredIssue): string {
  if (pull === undefined) return '';
  const [base, head] = [escapeHtml(pull.baseBranch), escapeHtml(pull.headBranch)];
  const done = pull.mergedAt === undefined ? 'wants to merge' : 'merged';
  return `<b>${escapeHtml(author)}</b> ${done} <code>${head}</code> into <code>${base}</code>`;
}

function post(author: string, at: string, body: string, id = ''): string {
  const text = body === '' ? '<p><i>No description provided.</i></p>' : markdownToHtml(body);
  const head = `<header><b>${escapeHtml(author)}</b> <time>${escapeHtml(at)}</time></header>`;
  return `<article id="${escapeHtml(id)}">${head}<div>${text}</div></article>`;
}

function diffHtml(change: string): string {
  const lines = change.split('\n').map((line) => `<span class="${diffClass(line)}">${escapeHtml(line)}</span>`);
  return `<pre class="diff">${lines.join('\n')}</pre>`;
}

function diffClass(line: string): string {
  if (line.startsWith('diff ') || line.startsWith('+++') || line.startsWith('---')) return 'file';
  if (line.startsWith('@@')) return 'hunk';
  if (line.startsWith('+')) return 'added';
  return line.startsWith('-') ? 'removed' : 'same';
}
