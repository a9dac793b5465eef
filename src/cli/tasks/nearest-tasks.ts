// What task somebody may have meant who named none: by an id cut short or mistyped, or by its issue.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { distance } from 'fastest-levenshtein';
import { namedMinChars, slipsMax, suggestionsMax } from '../../events/bounds.ts';
import type { StateDirectory } from '../../worker/state-directory.ts';

/** A question to go behind the message that there is no such task, with a space before it; empty when nothing is near. */
export async function whatWasMeant(state: StateDirectory, named: string): Promise<string> {
  const near = await nearestTasks(state, named);
  return near.length === 0 ? '' : ` Did you mean ${near.join(' or ')}?`;
}

/** Ids of tasks in the state directory, the likeliest first. */
async function nearestTasks({ root }: StateDirectory, named: string): Promise<string[]> {
  // `owner/repo#12` is how the issue is written everywhere else, and how a task's id begins.
  const written = named.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-') + (/#\d+$/.test(named) ? '-' : '');
  if (written.length < namedMinChars) return [];
  return (await taskIds(root))
    .map((id) => ({ id, slips: id.startsWith(written) ? 0 : distance(id, written) }))
    .filter(({ slips }) => slips <= slipsMax)
    .toSorted((a, b) => a.slips - b.slips || a.id.localeCompare(b.id))
    .slice(0, suggestionsMax)
    .map(({ id }) => id);
}

async function taskIds(root: string): Promise<string[]> {
  const folders = ['active', ...(await namesIn(join(root, 'done'))).map((month) => join('done', month))];
  const names = await Promise.all(folders.map((folder) => namesIn(join(root, folder))));
  return names.flat().flatMap((name) => /^([a-z0-9-]+)\.jsonl$/.exec(name)?.[1] ?? []);
}

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);
