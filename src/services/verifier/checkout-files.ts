// Reads a checkout: the few questions that the detectors ask about its files.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { searchedEntriesMax } from '../../events/bounds.ts';

const notSearched = new Set(['node_modules', 'vendor', 'venv', 'target', 'dist', 'build', '__pycache__']);

/** Content of a file as UTF-8; undefined when there is no such file. */
export async function textOf(directory: string, name: string): Promise<string | undefined> {
  try {
    return await readFile(join(directory, name), 'utf8');
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Whether there is such a file. */
export const has = async (directory: string, name: string): Promise<boolean> =>
  (await textOf(directory, name)) !== undefined;

/** Names in the top folder, sorted. */
export const namesIn = async (directory: string): Promise<string[]> => (await readdir(directory)).toSorted();

/** Paths below `directory` of files whose name matches, sorted; hidden folders, dependencies and build output are not searched. */
export async function findFiles(directory: string, name: RegExp): Promise<string[]> {
  const found: string[] = [];
  const folders = [''];
  let seen = 0;
  for (let folder = folders.shift(); folder !== undefined && seen < searchedEntriesMax; folder = folders.shift()) {
    for (const entry of await readdir(join(directory, folder), { withFileTypes: true })) {
      seen += 1;
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !entry.name.startsWith('.') && !notSearched.has(entry.name)) folders.push(path);
      if (entry.isFile() && name.test(entry.name)) found.push(path);
    }
  }
  return found.toSorted();
}

/** No such file, or a folder of that name, or a file where a folder was meant. */
const isAbsent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP'].includes(String(error.code));
