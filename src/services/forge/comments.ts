// Our comments, told by their author and a hidden marker: anybody can copy a marker into a comment of theirs.
import { commentPagesMax, forgePageEntriesMax } from '../../events/bounds.ts';
import { commentAnswer, commentsAnswer, type CommentFound } from './answers.ts';
import { findOrCreate } from './find-or-create.ts';
import type { IssueComment } from './forge.ts';
import { repositoryPath, type GitHubClient } from './github-client.ts';
import type { RestCall } from './rest.ts';

type Place = { repository: string; number: number; marker: string };

/** Posts `body` once: what is there already is left as it is when equal, else updated. */
export async function ensureComment(
  github: GitHubClient,
  place: Place,
  body: string,
  signal: AbortSignal,
): Promise<IssueComment> {
  if (!body.includes(place.marker)) throw new Error('The body of a comment must contain its marker.');
  const { item: found, wasThere } = await findOrCreate(
    () => find(github, place, signal),
    () => post(github, place, body, signal),
    signal,
  );
  if (!wasThere || found.body === body) return portShape(found);
  const change = { method: 'PATCH', path: pathOf(place, found), body: { body } } as const;
  return portShape(await github.ask(change, commentAnswer, signal));
}

/**
 * GitHub takes any number of equal comments, so a worker that stood still between its look and this request would post a second one. It
 * looks again and takes its own back if an older one is there; also when `signal` cut the request off, for it may have been posted all the same.
 */
async function post(github: GitHubClient, place: Place, body: string, signal: AbortSignal): Promise<CommentFound> {
  try {
    const posted = await github.create(listPath(place), { body }, commentAnswer, signal);
    return (await withoutSecond(github, place)) ?? posted;
  } catch (error) {
    if (signal.aborted) await withoutSecond(github, place);
    throw error;
  }
}

/** The oldest of our comments with this marker; the others are deleted. Undefined when that cannot be seen. Bounded by the limit of its calls. */
async function withoutSecond(github: GitHubClient, place: Place): Promise<CommentFound | undefined> {
  const uncut = new AbortController().signal;
  try {
    const ours: CommentFound[] = [];
    for await (const comment of oursIn(github, place, uncut)) ours.push(comment);
    const [oldest, ...later] = ours;
    for (const comment of later) await github.send({ method: 'DELETE', path: pathOf(place, comment) }, uncut);
    return oldest;
  } catch {
    return undefined;
  }
}

export async function findComment(
  github: GitHubClient,
  place: Place,
  signal: AbortSignal,
): Promise<IssueComment | undefined> {
  const found = await find(github, place, signal);
  return found && portShape(found);
}

const pathOf = ({ repository }: Place, { id }: CommentFound): string =>
  `${repositoryPath(repository)}/issues/comments/${id}`;

const listPath = ({ repository, number }: Place): string => `${repositoryPath(repository)}/issues/${number}/comments`;

async function find(github: GitHubClient, place: Place, signal: AbortSignal): Promise<CommentFound | undefined> {
  const { value } = await oursIn(github, place, signal).next();
  return value;
}

/** Our comments with the marker, oldest first, as GitHub lists them; a page is asked for when it is needed. */
async function* oursIn(
  github: GitHubClient,
  place: Place,
  signal: AbortSignal,
): AsyncGenerator<CommentFound, undefined, undefined> {
  const viewer = await github.viewer(signal);
  for (let page = 1; page <= commentPagesMax; page += 1) {
    const call: RestCall = { method: 'GET', path: `${listPath(place)}?per_page=${forgePageEntriesMax}&page=${page}` };
    const answer = await github.send(call, signal);
    const comments = github.parsed(call, answer, commentsAnswer);
    yield* comments.filter(({ authorId, body }) => authorId === viewer.id && body.includes(place.marker));
    if (!/;\s*rel="next"/.test(answer.headers['link'] ?? '')) return undefined;
  }
  return undefined;
}

const portShape = ({ id, url }: CommentFound): IssueComment => ({ id, url });
