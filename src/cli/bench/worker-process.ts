// A worker in a process of its own, as the bench watches it: when it polls, what it holds in memory, and that it ends.
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { run } from '../../services/process/run.ts';
import { residentMiB } from './resident-memory.ts';
import { workerStart } from './worker-start.ts';
import type { Yard } from './yard.ts';

export type WorkerEntry = '../worker.ts' | './worker-with-stub.ts';

export type WorkerProcess = {
  pid: number;
  /** Milliseconds from the start of the process until what was waited for was seen: its first ReceiveMessage, if nothing else was said. */
  readyMs: number;
  /** MiB. */
  resident: () => Promise<number>;
  /** Resolves as `work` does; rejects when the worker ends before. */
  during: <T>(work: Promise<T>) => Promise<T>;
  /** Asks it to stop and waits until it has. */
  stop: () => Promise<void>;
};

const benchMaxMs = 60 * 60_000;

/** Starts it and waits until `ready` gives an instant by `performance.now()`. `name` is that of its state directory. */
export async function startWorker(
  yard: Yard,
  entry: WorkerEntry,
  name: string,
  signal: AbortSignal,
  ready = (_signal: AbortSignal): Promise<number> => yard.world.sqs.nextCall('ReceiveMessage'),
): Promise<WorkerProcess> {
  const { env: startEnvironment, nodeFlags } = await workerStart(yard.folder);
  const env = { ...yard.workerEnvironment(name), ...startEnvironment };
  const stopping = new AbortController();
  const isReady = ready(AbortSignal.any([signal, stopping.signal]));
  const started = performance.now();
  const ended = run(
    {
      program: process.execPath,
      args: [...nodeFlags, fileURLToPath(new URL(entry, import.meta.url))],
      cwd: tmpdir(),
      env,
      timeLimitMs: benchMaxMs,
      mask: (text) => text,
    },
    AbortSignal.any([signal, stopping.signal]),
  ).then(
    ({ exitCode, outputTail }) => {
      throw new Error(`The worker ended with status ${exitCode}:\n${outputTail}`);
    },
    (error: unknown) => {
      signal.throwIfAborted();
      if (!stopping.signal.aborted) throw error;
    },
  );
  const during = <T>(work: Promise<T>): Promise<T> => Promise.race([work, ended.then(() => work)]);
  const readyAt = await during(isReady).catch((error: unknown) => {
    stopping.abort(error);
    // Nobody waits for it any more.
    isReady.catch(() => {});
    throw error;
  });
  const pid = await pidIn(env['CODINGWORKER_STATE_DIR'] ?? '');
  return {
    pid,
    readyMs: readyAt - started,
    resident: () => residentMiB(pid),
    during,
    stop: async () => {
      stopping.abort(new Error('the bench is over'));
      await ended;
    },
  };
}

/** The worker names itself in its state directory before it polls (src/worker/state-lock.ts). */
async function pidIn(stateDirectory: string): Promise<number> {
  const text = await readFile(join(stateDirectory, 'worker.json'), 'utf8');
  return z.object({ pid: z.number() }).parse(JSON.parse(text)).pid;
}
