// The resident memory of a process, as the system counts it.
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { run } from '../../services/process/run.ts';

const askMaxMs = 5_000;

/** MiB. By the proc file system where there is one, else by ps; both count the pages that are in memory, shared ones included. */
export async function residentMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => undefined);
  const kib = status === undefined ? await byPs(pid) : /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kib === undefined) throw new Error(`The memory of process ${pid} cannot be seen.`);
  return Number(kib) / 1024;
}

async function byPs(pid: number): Promise<string | undefined> {
  const args = ['-o', 'rss=', '-p', String(pid)];
  const request = { program: 'ps', args, cwd: tmpdir(), timeLimitMs: askMaxMs, mask: (text: string) => text };
  const { outputTail } = await run(request, new AbortController().signal);
  return /^\s*(\d+)\s*$/.exec(outputTail)?.[1];
}
