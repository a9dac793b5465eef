// The worker: lock the state, finish what is unfinished, then serve the queue in its slots until asked to stop.
import { leaseSeconds } from '../events/bounds.ts';
import { failureOf } from '../events/failure.ts';
import { fold } from '../machines/fold.ts';
import type { Journal } from '../services/journal/journal.ts';
import { killLeftovers } from '../services/process/process-group.ts';
import { attendant } from './attend.ts';
import { consume, drive } from './consume.ts';
import { insist } from './insist.ts';
import { lastDelivery } from './own-task.ts';
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
    // What fails was logged there, and comes back with its message or the next start.
    await resume(runtime, owned, next, signal).catch(() => {});
  }
  await consume(runtime, owned, signal);
}

/**
 * Takes up an unfinished task if its message is still ours. If it is not, another worker may be at work on it by now: then the
 * task waits until its message comes again, and is taken up there (`consume.ts`). One that has ended only has to be settled.
 */
async function resume(
  runtime: Runtime,
  owned: OwnedTasks,
  { taskId, journal }: Unfinished,
  signal: AbortSignal,
): Promise<void> {
  const { queue, log } = runtime;
  const never = new AbortController().signal;
  const isOurs = (): Promise<boolean> => queue.extend(lastDelivery(journal.records).receiptHandle, leaseSeconds, never);
  const hasEnded = fold(journal.records).snapshot.status === 'done';
  if (hasEnded || (await insist(runtime, isOurs, signal))) {
    await drive(runtime, owned, taskId, journal, signal);
    return;
  }
  if (journal.records.at(-1)?.type !== 'task.suspended') {
    journal.append({ type: 'task.suspended', data: { reason: 'The message is no longer this worker’s.' } });
  }
  try {
    await journal.flushed();
  } finally {
    await journal.close();
  }
  log.info({ task: taskId }, 'the message is no longer ours; the task goes on when it comes again');
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
