// Finds the processes that a worker started, at whatever remove, by what they inherited (Linux's /proc).
import { readdir, readFile } from 'node:fs/promises';

/** Ids of the processes that were started, at whatever remove, with this folder in their environment. */
export async function processesWith(folder: string): Promise<number[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    // A process may end while it is looked at.
    ids.map(async (id) =>
      (await readFile(`/proc/${id}/environ`, 'utf8').catch(() => '')).includes(folder) ? [Number(id)] : [],
    ),
  );
  return found.flat();
}
