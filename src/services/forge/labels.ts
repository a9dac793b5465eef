// Labels of an issue: writes only what differs, so that a label that is absent is told from an issue that is.
import { forgePageEntriesMax } from '../../events/bounds.ts';
import { CodedError } from '../../events/failure.ts';
import { labelsAnswer } from './answers.ts';
import { repositoryPath, type GitHubClient } from './github-client.ts';

type Place = { repository: string; number: number };

/** GitHub answers 404 both to the removal of an absent label and to a missing issue; the list tells which. */
export async function changeLabels(
  github: GitHubClient,
  { repository, number }: Place,
  change: { add: readonly string[]; remove: readonly string[] },
  signal: AbortSignal,
): Promise<void> {
  const path = `${repositoryPath(repository)}/issues/${number}/labels`;
  // An issue has at most 100 labels, hence one page.
  const present = await github.read(`${path}?per_page=${forgePageEntriesMax}`, labelsAnswer, signal);
  const isPresent = (name: string): boolean => present.some((label) => label.toLowerCase() === name.toLowerCase());
  const labels = change.add.filter((name) => !isPresent(name));
  if (labels.length > 0) await github.send({ method: 'POST', path, body: { labels } }, signal);
  for (const name of change.remove.filter(isPresent)) {
    await github.send({ method: 'DELETE', path: `${path}/${encodeURIComponent(name)}` }, signal).catch(unlessGone);
  }
}

/** Somebody else removed it in the meantime. */
function unlessGone(error: unknown): void {
  if (error instanceof CodedError && error.failure.code === 'CW-GITHUB-NOT-FOUND') return;
  throw error;
}
