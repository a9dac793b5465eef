// Finds running processes by a text in their command line, to prove that none is left (Linux's /proc).
import { readdir, readFile } from 'node:fs/promises';

export type Found = { pid: number; environment: string };

/** Every process whose command line contains `text`, with its environment as `NAME=value` lines. */
export async function processesNaming(text: string): Promise<Found[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      // A process may end while it is looked at.
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      if (!command.includes(text)) return [];
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      return [{ pid: Number(pid), environment: environment.replaceAll('\0', '\n') }];
    }),
  );
  return found.flat();
}
