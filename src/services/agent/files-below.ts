// Lists the ordinary files below a folder; git's own folder, links and devices are passed over.
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** Paths relative to `directory`, sorted. */
export async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .filter((path) => path !== '.git' && !path.startsWith('.git/'))
    .toSorted();
}
