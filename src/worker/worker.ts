// The worker: lock the state, finish what is unfinished, then serve the queue in its slots until asked to stop.
import { failureOf } from '../events/failure.ts';
import { fold } from '../machines/fold.ts';
import type { Journal } from '../services/journal/journal.ts';
import { killLeftovers } from '../services/process/process-group.ts';
import { attendant } from './attend.ts';
import { consume, drive } from './consume.ts';
import type { OwnedTasks, Unfinished } from './owned-tasks.ts';
import type { Runtime } from './runtime.ts';
import { lockState } from './state-lock.ts';

/** Serves until `signal` is aborted; then running tasks are suspended and it resolves. Throws `CW-STATE-LOCKED`. */
export async function runWorker(runtime: Runtime, signal: AbortSignal): Promise<void> {
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
  const unfinished = await unfinishedTasks(runtime);
  // Before the slots begin: who was asked to end must not go on first.
  const requests = attendant(runtime, { owned, unfinished }, signal);
  await requests.look();
  const slots = Array.from({ length: runtime.settings.slots }, () => serveSlot(runtime, owned, unfinished, signal));
  await Promise.all([...slots, requests.keep()]);
}

/** A slot first takes what an earlier worker left, then new messages. */
async function serveSlot(
  runtime: Runtime,
  owned: OwnedTasks,
  unfinished: Unfinished[],
  signal: AbortSignal,
): Promise<void> {
  for (let next = unfinished.shift(); next !== undefined && !signal.aborted; next = unfinished.shift()) {
    // It was logged there, and comes back with its message or the next start.
    await drive(runtime, owned, next.taskId, next.journal, signal).catch(() => {});
  }
  await consume(runtime, owned, signal);
}

/** Tasks in active/ but for the released, which wait for their message. A damaged journal is set aside; none blocks another. */
async function unfinishedTasks(runtime: Runtime): Promise<Unfinished[]> {
  const { state, log } = runtime;
  const unfinished: Unfinished[] = [];
  for (const taskId of await state.activeTasks()) {
    let journal: Journal | undefined;
    try {
      journal = await state.openJournal(taskId);
      if (journal === undefined) continue;
      if (fold(journal.records).snapshot.matches('released')) await journal.close();
      else unfinished.push({ taskId, journal });
    } catch (error) {
      await journal?.close();
      const failure = failureOf(error);
      // Only damage is there to stay. A newer version or a full disk is not: the task goes on when that is put right.
      const path = failure.code === 'CW-JOURNAL-CORRUPT' ? await state.setAside(taskId) : state.journal(taskId);
      log.error({ task: taskId, failure, path }, 'a journal cannot be used now');
    }
  }
  if (unfinished.length > 0) log.info({ tasks: unfinished.map(({ taskId }) => taskId) }, 'resuming unfinished tasks');
  return unfinished;
}
