// The worker: lock the state, finish what is unfinished, then serve the queue in its slots until asked to stop.
import { killLeftovers } from '../services/process/process-group.ts';
import { attendant } from './attend.ts';
import { consume } from './consume.ts';
import { DiskRoom } from './disk-room.ts';
import type { OwnedTasks } from './owned-tasks.ts';
import { resume } from './resume.ts';
import type { Runtime } from './runtime.ts';
import { lockState } from './state-lock.ts';

/** Serves until `signal` is aborted; then running tasks are suspended and it resolves. Throws `CW-STATE-LOCKED`. */
export async function runWorker(runtime: Runtime, signal: AbortSignal): Promise<void> {
  // Not even the lock can be taken on a full disk.
  await new DiskRoom(runtime, async () => {}).wait(signal);
  if (signal.aborted) return;
  await runtime.state.prepare();
  const lock = lockState(runtime.state.root, runtime.worker);
  try {
    const killed = killLeftovers();
    if (killed > 0) runtime.log.warn({ processes: killed }, 'ended what a killed worker had left running');
    await serve(runtime, signal);
  } finally {
    lock.release();
  }
}

/** The worker's work on a state directory that is prepared and locked. */
export async function serve(runtime: Runtime, signal: AbortSignal): Promise<void> {
  const owned: OwnedTasks = new Map();
  // Only their names: a thousand open journals would be a thousand open files.
  const unfinished = await runtime.state.activeTasks();
  // What a full disk has stopped is reread from it, as at a start.
  const room = new DiskRoom(runtime, async () => {
    const stopped = (await runtime.state.activeTasks()).filter((id) => !owned.has(id) && !unfinished.includes(id));
    unfinished.push(...stopped);
  });
  // Before the slots begin: who was asked to end must not go on first.
  const requests = attendant(runtime, { owned, unfinished }, signal);
  await requests.look();
  const slots = Array.from({ length: runtime.settings.slots }, () =>
    serveSlot(runtime, { owned, unfinished, room }, signal),
  );
  await Promise.all([...slots, requests.keep()]);
}

type Work = { owned: OwnedTasks; unfinished: string[]; room: DiskRoom };

/** A slot first takes what an earlier worker left, then new messages; nothing while the disk is full. */
async function serveSlot(runtime: Runtime, { owned, unfinished, room }: Work, signal: AbortSignal): Promise<void> {
  const ready = async (): Promise<void> => {
    await room.wait(signal);
    for (let next = unfinished.shift(); next !== undefined && !signal.aborted; next = unfinished.shift()) {
      await resume(runtime, owned, next, signal);
      await room.wait(signal);
    }
  };
  await consume(runtime, owned, signal, ready);
}
