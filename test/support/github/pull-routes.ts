// Pull requests: list, get, create, update. Their head follows the branch in the real git repository.
import { z } from 'zod';
import { branchesOf, commitOf, countCommits, related } from './bare-repository.ts';
import { jsonBody, numberParam, type JsonReply, type RepositoryCall } from './exchange.ts';
import { changeIssue, checkText, placeOf } from './issue-routes.ts';
import { page } from './pagination.ts';
import { invalid, notFound } from './problem.ts';
import { pullBody, pullSimpleBody, type StoredPullRequest } from './pull-bodies.ts';
import type { Repository, StoredIssue } from './state.ts';

const isPull = (issue: StoredIssue): issue is StoredPullRequest => issue.pull !== undefined;

/** All pull requests of a repository, each brought up to date with its branch; one whose branch is gone is closed, as on GitHub. */
export async function currentPulls(repository: Repository): Promise<StoredPullRequest[]> {
  const branches = await branchesOf(repository.directory);
  const pulls = [...repository.issues.values()].filter(isPull);
  for (const issue of pulls.filter((candidate) => candidate.state === 'open')) {
    const commit = branches.get(issue.pull.headBranch);
    if (commit === undefined) changeIssue(issue, { state: 'closed' });
    else issue.pull.headCommit = commit;
  }
  return pulls;
}

async function pullOf(call: RepositoryCall): Promise<StoredPullRequest> {
  const number = numberParam(call, 'number');
  const found = (await currentPulls(call.repository)).find((issue) => issue.number === number);
  if (found === undefined) throw notFound();
  return found;
}

/** A `head` that is not `owner:branch` does not filter at all, as on GitHub. */
export async function listPulls(call: RepositoryCall): Promise<JsonReply> {
  const { query } = call.exchange;
  const state = query.get('state') ?? 'open';
  const [owner, branch] = (query.get('head') ?? '').split(/:(.*)/s);
  const pulls = (await currentPulls(call.repository))
    .filter((issue) => state === 'all' || issue.state === state)
    .filter((issue) => !query.has('base') || issue.pull.baseBranch === query.get('base'))
    .filter(
      (issue) =>
        branch === undefined ||
        (owner?.toLowerCase() === call.repository.owner.toLowerCase() && issue.pull.headBranch === branch),
    );
  return page(call, pulls.toReversed(), (issue) => pullSimpleBody(issue, placeOf(call)));
}

export async function getPull(call: RepositoryCall): Promise<JsonReply> {
  return { status: 200, json: await pullBody(await pullOf(call), placeOf(call)) };
}

const newPull = z.looseObject({
  title: z.string().optional(),
  head: z.string().optional(),
  base: z.string().optional(),
  body: z.string().nullish(),
  draft: z.boolean().optional(),
});

export async function createPull(call: RepositoryCall): Promise<JsonReply> {
  const { title, head, base, body, draft } = jsonBody(call, newPull);
  const missing = (field: string) => invalid({ resource: 'PullRequest', field, code: 'missing_field' });
  if (title === undefined) throw missing('title');
  if (head === undefined) throw missing('head');
  if (base === undefined) throw missing('base');
  checkText('PullRequest', title, body);
  const headBranch = branchNamed(call.repository, head);
  const headCommit = await checkBranches(call.repository, headBranch, base);
  const facts = { title, body: body ?? '', labels: [], author: call.viewer.login };
  const issue = call.state.addIssue(call.repository, facts);
  const pull = { headBranch, baseBranch: base, headCommit, draft: draft ?? false };
  const made: StoredPullRequest = Object.assign(issue, { pull });
  return { status: 201, json: await pullBody(made, placeOf(call)) };
}

/** `branch` or `owner:branch` of this repository; the stand-in has no forks. */
function branchNamed(repository: Repository, head: string): string {
  const [owner, branch] = head.split(/:(.*)/s);
  if (branch === undefined) return head;
  if (owner?.toLowerCase() === repository.owner.toLowerCase()) return branch;
  throw invalid({ resource: 'PullRequest', field: 'head', code: 'invalid' });
}

/** The head's commit, when GitHub would accept a pull request between the two branches. */
async function checkBranches(repository: Repository, head: string, base: string): Promise<string> {
  const custom = (message: string) => invalid({ resource: 'PullRequest', code: 'custom', message });
  const headCommit = await commitOf(repository.directory, head);
  if (headCommit === undefined) throw invalid({ resource: 'PullRequest', field: 'head', code: 'invalid' });
  if ((await commitOf(repository.directory, base)) === undefined) {
    throw invalid({ resource: 'PullRequest', field: 'base', code: 'invalid' });
  }
  const open = (await currentPulls(repository)).filter((issue) => issue.state === 'open');
  if (open.some(({ pull }) => pull.headBranch === head && pull.baseBranch === base)) {
    throw custom(`A pull request already exists for ${repository.owner}:${head}.`);
  }
  if (!(await related(repository.directory, base, head))) {
    throw custom(`The ${head} branch has no history in common with ${base}`);
  }
  if ((await countCommits(repository.directory, base, head)) === 0) {
    throw custom(`No commits between ${base} and ${head}`);
  }
  return headCommit;
}

const pullChange = z.looseObject({
  title: z.string().optional(),
  body: z.string().nullish(),
  state: z.enum(['open', 'closed']).optional(),
  base: z.string().optional(),
});

export async function updatePull(call: RepositoryCall): Promise<JsonReply> {
  const issue = await pullOf(call);
  const change = jsonBody(call, pullChange);
  checkText('PullRequest', change.title, change.body);
  if (change.base !== undefined) {
    await checkBranches(call.repository, issue.pull.headBranch, change.base);
    issue.pull.baseBranch = change.base;
  }
  changeIssue(issue, change);
  return { status: 200, json: await pullBody(issue, placeOf(call)) };
}
