// One task from its journal to the end of its message: claim, run, settle. What is killed in between is done again by the next worker.
import type { DeliveryReference, JournalRecord } from '../events/journal-record.ts';
import { suspendGraceSeconds } from '../events/bounds.ts';
import { fold } from '../machines/fold.ts';
import type { Journal } from '../services/journal/journal.ts';
import { Cancellation, type CancelRequest } from './cancellation.ts';
import { handOver, MessageAge } from './handover.ts';
import { Lease } from './lease.ts';
import { leased } from './leased.ts';
import { runTask } from './run-task.ts';
import type { Runtime } from './runtime.ts';
import { lastDelivery, lastDeliveryRecord, settle } from './settle.ts';

/** A task that runs here. */
export type OwnedTask = {
  /**
   * Hands over a message of this task that was delivered while it runs. `adopted`: its receipt settles the task now. `duplicate`: another
   * message is held for the task already, so this one may be deleted. `busy`: neither can be told now; ask again after `done`.
   */
  offer: (delivery: DeliveryReference) => 'adopted' | 'duplicate' | 'busy';
  /** Asks for the task's end; may be asked again. Not heeded while the task is being published or reported, for it ends then by itself. */
  cancel: (request: CancelRequest) => void;
  done: Promise<void>;
};

/** Claims and drives a task whose journal is open; `signal` suspends it. With a `request` it is cancelled before it does anything. */
export function ownTask(worker: Runtime, journal: Journal, signal: AbortSignal, request?: CancelRequest): OwnedTask {
  const runtime = { ...worker, log: worker.log.child({ task: journal.task }) };
  const lease = new Lease(runtime, lastDelivery(journal.records).receiptHandle);
  const offer: OwnedTask['offer'] = (delivery) => {
    // The task has ended and is settling an older receipt.
    if (lease.stopped) return 'busy';
    if (lease.isHeld && delivery.messageId !== lastDelivery(journal.records).messageId) return 'duplicate';
    lease.adopt(delivery.receiptHandle);
    journal.append({ type: 'lease.adopted', data: { delivery } });
    return 'adopted';
  };
  const cancellation = new Cancellation();
  if (request) cancellation.ask(request);
  const cancel: OwnedTask['cancel'] = (asked) => {
    if (!lease.stopped && !isEnding(journal.records)) cancellation.ask(asked);
  };
  return { offer, cancel, done: claimAndRun(runtime, journal, { lease, cancellation }, signal) };
}

/** Whether the task is at the step that tells the world how it ended. */
export function isEnding(records: readonly JournalRecord[]): boolean {
  const { snapshot } = fold(records);
  return snapshot.matches('publishing') || snapshot.matches('reporting');
}

type Held = { lease: Lease; cancellation: Cancellation };

async function claimAndRun(
  runtime: Runtime,
  journal: Journal,
  { lease, cancellation }: Held,
  signal: AbortSignal,
): Promise<void> {
  const { worker } = runtime;
  const age = new MessageAge(runtime.clock, () => lastDeliveryRecord(journal.records).at);
  const ended = new AbortController();
  journal.append({ type: 'task.claimed', data: { epoch: lastEpoch(journal.records) + 1, worker } });
  try {
    await journal.flushed();
    const beating = lease.keep();
    void age.watch(ended.signal);
    const end = await runTask(
      { ...runtime, ...leased(runtime, lease), observer: age.watchedBy(runtime.observer) },
      journal,
      AbortSignal.any([signal, lease.lost, age.over]),
      cancellation,
    );
    lease.stop();
    await beating;
    if (end.ended) {
      await settle(runtime, { journal, lease }, end.snapshot, signal);
      runtime.observer.onEnded?.(end.snapshot.context.task.id);
    } else await suspend(runtime, journal, lease, end.reason, age.over);
  } finally {
    ended.abort();
    lease.stop();
    await journal.close();
  }
}

/** Asked to stop in mid-task: the message stays ours for a while, so that a restarted worker finds it unclaimed by others. */
async function suspend(
  runtime: Runtime,
  journal: Journal,
  lease: Lease,
  reason: unknown,
  isOld: AbortSignal,
): Promise<void> {
  const { queue, clock, log, settings } = runtime;
  journal.append({
    type: 'task.suspended',
    data: { reason: reason instanceof Error ? reason.message : String(reason) },
  });
  await journal.flushed();
  if (lease.lost.aborted) return;
  if (isOld.aborted && reason === isOld.reason) {
    await handOver(runtime, journal, lease.receiptHandle);
    return;
  }
  const limit = clock.timeout(settings.leaseSeconds * 1000);
  const kept = await queue.extend(lease.receiptHandle, suspendGraceSeconds, limit);
  log.info({ journal: journal.path, kept }, 'task suspended');
}

const lastEpoch = (records: readonly JournalRecord[]): number =>
  Math.max(0, ...records.map((record) => (record.type === 'task.claimed' ? record.data.epoch : 0)));
