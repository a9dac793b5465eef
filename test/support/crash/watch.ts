// Waits for what can be seen of a scene's workers from outside: that one is stopped or has ended, that all is done.
import { readFile } from 'node:fs/promises';
import { until, type WorkerProcess } from '../worker-process.ts';
import type { CrashScene } from './scene.ts';

/** Longest wait for anything in one scene; an ordinary run takes a few seconds. */
const patienceMs = 180_000;
const lookEveryMs = 20;

/**
 * Resolves when the queue is empty, no task is unfinished in `homes` (all, if not said), and as many workers wait for a message.
 * Throws when that does not come.
 */
export const allDone = (scene: CrashScene, { workers = 1, homes = scene.homes } = {}): Promise<true> =>
  until(
    async () => {
      if (scene.queue.waitingPolls() < workers) return undefined;
      const idle = await Promise.all(homes.map((home) => home.isIdle()));
      return idle.includes(false) || (await scene.queue.messages()).length > 0 ? undefined : true;
    },
    () => `the task did not end.\n${scene.said()}`,
    patienceMs,
    lookEveryMs,
  );

/** How the worker's process ended: its exit status or the signal's name; `idle` when it did not, because all is done. */
export const endOf = (scene: CrashScene, worker: WorkerProcess): Promise<number | string> =>
  Promise.race([worker.exited, allDone(scene).then(() => 'idle')]);

/** `stopped` when the worker is stopped by a signal, else as `endOf`. */
export function stopOf(scene: CrashScene, worker: WorkerProcess): Promise<number | string> {
  const stopped = until(
    async () => ((await isStopped(worker)) ? 'stopped' : undefined),
    () => `the worker was not stopped.\n${scene.said()}`,
    patienceMs,
    lookEveryMs,
  );
  return Promise.race([stopped, endOf(scene, worker)]);
}

/** By the state in `/proc/PID/stat` (proc(5)), behind the program's name, which may hold spaces and brackets. */
async function isStopped({ child }: WorkerProcess): Promise<boolean> {
  const stat = await readFile(`/proc/${child.pid}/stat`, 'latin1').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T');
}
