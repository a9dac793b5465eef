// One life of the real worker as a child process, started as `npm run worker` starts it. Only the end of what it says is kept.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { workerStart } from '../../../src/cli/bench/worker-start.ts';
import { inspectFlag } from './live-heap.ts';
import { workerFile } from '../worker-process.ts';

export type Life = {
  child: ChildProcess;
  pid: number;
  /** The end of what it printed, both streams. */
  said: () => string;
  /** Where Node's inspector listens, as soon as it does. */
  address: Promise<string>;
  /** Resolves with the exit status, or the signal's name. */
  exited: Promise<number | string>;
};

/** Enough to see why one ended, in a run that may last for days. */
const saidMaxChars = 20_000;

export async function startLife(folder: string, environment: Record<string, string>): Promise<Life> {
  const { env, nodeFlags } = await workerStart(folder);
  const child = spawn(process.execPath, [...nodeFlags, inspectFlag, workerFile], {
    cwd: folder,
    env: { ...environment, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const { promise: address, resolve } = Promise.withResolvers<string>();
  const take = (chunk: string): void => {
    text = (text + chunk).slice(-saidMaxChars);
    const found = /Debugger listening on (ws:\S+)/.exec(chunk)?.[1];
    if (found !== undefined) resolve(found);
  };
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);
  // One of the two is null.
  const exited = once(child, 'close').then(([status, signal]: unknown[]) => (status ?? signal) as number | string);
  if (child.pid === undefined) throw new Error('The worker could not be started.');
  return { child, pid: child.pid, said: () => text, address, exited };
}
