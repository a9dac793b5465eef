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
  const found = await findOrCreate(
    () => find(github, place, signal),
    () => github.create(listPath(place), { body }, commentAnswer, signal),
    signal,
  );
  if (found.body === body) return portShape(found);
  const path = `${repositoryPath(place.repository)}/issues/comments/${found.id}`;
  return portShape(await github.ask({ method: 'PATCH', path, body: { body } }, commentAnswer, signal));
}

export async function findComment(
  github: GitHubClient,
  place: Place,
  signal: AbortSignal,
): Promise<IssueComment | undefined> {
  const found = await find(github, place, signal);
  return found && portShape(found);
}

const listPath = ({ repository, number }: Place): string => `${repositoryPath(repository)}/issues/${number}/comments`;

async function find(github: GitHubClient, place: Place, signal: AbortSignal): Promise<CommentFound | undefined> {
  const viewer = await github.viewer(signal);
  for (let page = 1; page <= commentPagesMax; page += 1) {
    const call: RestCall = { method: 'GET', path: `${listPath(place)}?per_page=${forgePageEntriesMax}&page=${page}` };
    const answer = await github.send(call, signal);
    const comments = github.parsed(call, answer, commentsAnswer);
    const ours = comments.find(({ authorId, body }) => authorId === viewer.id && body.includes(place.marker));
    if (ours !== undefined) return ours;
    if (!/;\s*rel="next"/.test(answer.headers['link'] ?? '')) return undefined;
  }
  return undefined;
}

const portShape = ({ id, url }: CommentFound): IssueComment => ({ id, url });
