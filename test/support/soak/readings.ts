// What a worker takes of the machine, read from outside: memory, open files, processes, disk. Linux's /proc.
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { residentMiB } from '../../../src/cli/bench/resident-memory.ts';
import { processesWith } from '../processes-with.ts';
import type { Site } from './site.ts';

export type Reading = {
  /** Resident memory of the worker itself. */
  memoryMiB: number;
  openFiles: number;
  /** Processes that were started, at whatever remove, in the worker's home: agents, git, commands. Without the worker. */
  processes: number;
};

/** Undefined when the worker ends while it is looked at. */
export async function readWorker(site: Site): Promise<Reading | undefined> {
  const { pid } = site.life();
  try {
    const memoryMiB = await residentMiB(pid);
    const openFiles = (await readdir(`/proc/${pid}/fd`)).length;
    const processes = (await processesWith(site.home.folder)).filter((each) => each !== pid).length;
    return { memoryMiB, openFiles, processes };
  } catch {
    return undefined;
  }
}

export type DiskUse = {
  /** Bytes, by what they are for. Journals and what lies beside them stay, by design, and so do the logs of seven days. */
  journals: number;
  logs: number;
  /** Names of what lies where nothing may lie when no task is in work. */
  leftovers: string[];
};

/** What a worker's home is made of. */
const known = new Set(['agent', 'codingworker.yaml', 'own', 'state', 'tmp', 'workspaces']);
const knownState = new Set(['active', 'agent', 'done', 'logs', 'requests', 'worker.json', 'worker.lock']);

/** For a worker that has nothing to do. */
export async function readDisk({ home, workspaces, temporary }: Site): Promise<DiskUse> {
  const within = async (folder: string, allowed: ReadonlySet<string> = new Set()): Promise<string[]> => {
    const names = await readdir(folder).catch(() => []);
    return names.filter((name) => !allowed.has(name)).map((name) => join(folder, name));
  };
  const leftovers = [
    ...(await within(home.folder, known)),
    ...(await within(home.state, knownState)),
    ...(await within(join(home.state, 'active'))),
    ...(await within(join(home.state, 'agent'))),
    ...(await within(join(home.state, 'requests'))),
    ...(await within(workspaces)),
    ...(await within(temporary)),
  ];
  return {
    journals: await bytesIn(join(home.state, 'done')),
    logs: await bytesIn(join(home.state, 'logs')),
    leftovers: leftovers.map((path) => path.slice(home.folder.length + 1)),
  };
}

async function bytesIn(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])) {
    // The worker may move a file meanwhile.
    if (entry.isFile()) bytes += (await lstat(join(entry.parentPath, entry.name)).catch(() => ({ size: 0 }))).size;
  }
  return bytes;
}
