// Pull requests: one for a head branch, found before it is created.
import { forgePageEntriesMax } from '../../events/bounds.ts';
import { pullAnswer, pullsAnswer, type PullRequestFound } from './answers.ts';
import { findOrCreate } from './find-or-create.ts';
import type { PullRequest, PullRequestDraft } from './forge.ts';
import { repositoryPath, type GitHubClient } from './github-client.ts';

export async function findPullRequest(
  github: GitHubClient,
  repository: string,
  headBranch: string,
  signal: AbortSignal,
): Promise<PullRequest | undefined> {
  const found = await find(github, repository, headBranch, signal);
  return found === undefined ? undefined : portShape(found);
}

/** GitHub lists the newest first if not told otherwise. */
export async function findPullRequests(
  github: GitHubClient,
  repository: string,
  headBranch: string,
  signal: AbortSignal,
): Promise<PullRequest[]> {
  return (await list(github, { repository, headBranch, state: 'all' }, signal)).map(portShape);
}

/**
 * The base of one that is found stays: somebody may have retargeted it. The text of one that came between the look and the creation stays too:
 * it is of this moment, and if it is not ours, then ours would say of another's commits what was seen of our own.
 */
export async function ensurePullRequest(
  github: GitHubClient,
  draft: PullRequestDraft,
  signal: AbortSignal,
): Promise<PullRequest> {
  const path = `${repositoryPath(draft.repository)}/pulls`;
  const text = { title: draft.title, body: draft.body };
  const body = { ...text, head: draft.headBranch, base: draft.baseBranch };
  const { item: pull, wasThere } = await findOrCreate(
    () => find(github, draft.repository, draft.headBranch, signal),
    () => github.create(path, body, pullAnswer, signal),
    signal,
  );
  if (!wasThere || (pull.title === draft.title && pull.body === draft.body)) return portShape(pull);
  const change = { method: 'PATCH', path: `${path}/${pull.number}`, body: text } as const;
  return portShape(await github.ask(change, pullAnswer, signal));
}

const find = async (
  github: GitHubClient,
  repository: string,
  headBranch: string,
  signal: AbortSignal,
): Promise<PullRequestFound | undefined> => (await list(github, { repository, headBranch, state: 'open' }, signal))[0];

type Wanted = { repository: string; headBranch: string; state: 'open' | 'all' };

/** GitHub ignores a filter by head that it does not understand, hence the second look at every result. */
async function list(
  github: GitHubClient,
  { repository, headBranch, state }: Wanted,
  signal: AbortSignal,
): Promise<PullRequestFound[]> {
  const head = `${repository.split('/')[0] ?? ''}:${headBranch}`;
  const query = new URLSearchParams({ state, head, per_page: String(forgePageEntriesMax) }).toString();
  const pulls = await github.read(`${repositoryPath(repository)}/pulls?${query}`, pullsAnswer, signal);
  const isHere = (name: string): boolean => name.toLowerCase() === repository.toLowerCase();
  return pulls.filter((pull) => pull.headBranch === headBranch && isHere(pull.headRepository));
}

function portShape({ number, url, state, headBranch, headCommit, body }: PullRequestFound): PullRequest {
  return { number, url, state, headBranch, headCommit, body };
}
