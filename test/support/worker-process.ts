// A real worker as a child process in a world of stand-ins, with state and working copies in folders of its own.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { readJournal } from '../../src/services/journal/read-journal.ts';
import type { JournalRecord } from '../../src/events/journal-record.ts';
import type { World } from './world.ts';

export const workerFile = fileURLToPath(new URL('../../src/cli/worker.ts', import.meta.url));

export type Home = {
  folder: string;
  state: string;
  environment: Record<string, string>;
  remove: () => Promise<void>;
};

/** Folders and configuration for a worker of this world. `config` is codingworker.yaml; the environment comes from the world. */
export async function makeHome(world: Pick<World, 'environment'>, config: Record<string, unknown> = {}): Promise<Home> {
  const folder = await mkdtemp(join(tmpdir(), 'codingworker-home-'));
  const state = join(folder, 'state');
  await mkdir(state);
  await writeFile(join(folder, 'codingworker.yaml'), stringify(config));
  const environment = {
    ...world.environment,
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    CODINGWORKER_STATE_DIR: state,
    CODINGWORKER_WORKSPACE_DIR: join(folder, 'workspaces'),
  };
  return { folder, state, environment, remove: () => rm(folder, { recursive: true, force: true }) };
}

export type WorkerProcess = {
  child: ChildProcess;
  /** Everything that it printed so far, both streams. */
  output: () => string;
  /** Resolves with the exit status, or the signal's name. */
  exited: Promise<number | string>;
  /** Sends the signal and waits for the end. */
  stop: (signal?: NodeJS.Signals) => Promise<number | string>;
};

/** `file` is what is run: the shipped worker if not said. */
export function startWorker(home: Home, extra: Record<string, string> = {}, file = workerFile): WorkerProcess {
  const child = spawn(process.execPath, [file], {
    cwd: home.folder,
    env: { ...home.environment, ...extra },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const take = (chunk: string): void => void (text += chunk);
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);
  const exited = once(child, 'close').then(([status, signal]: unknown[]) => (status ?? signal) as number | string); // one of the two
  const stop = (signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string> => {
    child.kill(signal);
    return exited;
  };
  return { child, output: () => text, exited, stop };
}

/** The records of every journal below the state directory, by task id; a journal that is just being written may lack its last record. */
export async function journalsIn(home: Home): Promise<Map<string, JournalRecord[]>> {
  const journals = new Map<string, JournalRecord[]>();
  for (const entry of await readdir(home.state, { recursive: true, withFileTypes: true }).catch(() => [])) {
    if (!entry.isFile() || !/^[a-z0-9-]+\.jsonl$/.test(entry.name) || entry.parentPath.endsWith('logs')) continue;
    const bytes = await readFile(join(entry.parentPath, entry.name)).catch(() => Buffer.alloc(0));
    journals.set(entry.name.replace('.jsonl', ''), readJournal(bytes, entry.name).records);
  }
  return journals;
}

/** Waits until `question` answers; asks again after a short pause. Throws after `limitMs` with what `describe` says then. */
export async function until<Answer>(
  question: () => Promise<Answer | undefined> | Answer | undefined,
  describe: () => string,
  limitMs = 240_000,
  everyMs = 50,
): Promise<Answer> {
  const end = performance.now() + limitMs;
  while (performance.now() < end) {
    const answer = await question();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  throw new Error(`Not within ${limitMs} ms: ${describe()}`);
}
