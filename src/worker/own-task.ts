// One task from its journal to the end of its message: claim, run, settle. What is killed in between is done again by the next worker.
import type { DeliveryReference, JournalRecord } from '../events/journal-record.ts';
import { coded } from '../events/failure.ts';
import { leaseSeconds, releaseDelaySeconds, suspendGraceSeconds } from '../events/bounds.ts';
import { stateName, type TaskSnapshot } from '../machines/fold.ts';
import type { Journal } from '../services/journal/journal.ts';
import { Lease } from './lease.ts';
import { runTask } from './run-task.ts';
import type { Runtime } from './runtime.ts';
import { workspaceKey } from './steps/step.ts';

/** A task that runs here. A redelivery of its message is handed to it; false when it has ended already and settles an older receipt. */
export type OwnedTask = { adopt: (delivery: DeliveryReference) => boolean; done: Promise<void> };

/** Claims and drives a task whose journal is open; `signal` suspends it. */
export function ownTask(runtime: Runtime, journal: Journal, signal: AbortSignal): OwnedTask {
  const lease = new Lease(runtime, lastDelivery(journal.records).receiptHandle);
  const adopt = (delivery: DeliveryReference): boolean => {
    if (lease.stopped) return false;
    lease.adopt(delivery.receiptHandle);
    journal.append({ type: 'lease.adopted', data: { delivery } });
    return true;
  };
  return { adopt, done: drive(runtime, journal, lease, signal) };
}

async function drive(runtime: Runtime, journal: Journal, lease: Lease, signal: AbortSignal): Promise<void> {
  const { worker } = runtime;
  journal.append({ type: 'task.claimed', data: { epoch: lastEpoch(journal.records) + 1, worker } });
  const beating = lease.keep();
  try {
    const end = await runTask(runtime, journal, AbortSignal.any([signal, lease.lost]));
    lease.stop();
    await beating;
    if (end.ended) {
      await settle(runtime, journal, lease, end.snapshot);
      runtime.observer.onEnded?.(end.snapshot.context.task.id);
    } else await suspend(runtime, journal, lease, end.reason);
  } finally {
    lease.stop();
    await journal.close();
  }
}

/** After the end is on disk, and only then, the message goes; then the working copies, and last the journal's place in active/. */
async function settle(runtime: Runtime, journal: Journal, lease: Lease, snapshot: TaskSnapshot): Promise<void> {
  const { queue, state, workspace, clock, log } = runtime;
  const { task } = snapshot.context;
  const never = new AbortController().signal;
  if (snapshot.matches('released')) {
    await queue.extend(lease.receiptHandle, releaseDelaySeconds, never);
    journal.append({ type: 'message.settled', data: { how: 'released' } });
    await journal.flushed();
    return;
  }
  await queue.delete(lease.receiptHandle, never);
  journal.append({ type: 'message.settled', data: { how: 'deleted' } });
  await journal.flushed();
  await workspace.dispose(workspaceKey(task));
  const path = await state.archive(task.id, clock.now());
  log.info({ task: task.id, state: stateName(snapshot), journal: path }, 'task ended');
}

/** Asked to stop in mid-task: the message stays ours for a while, so that a restarted worker finds it unclaimed by others. */
async function suspend({ queue, log }: Runtime, journal: Journal, lease: Lease, reason: unknown): Promise<void> {
  journal.append({
    type: 'task.suspended',
    data: { reason: reason instanceof Error ? reason.message : String(reason) },
  });
  await journal.flushed();
  if (lease.lost.aborted) return;
  const kept = await queue.extend(lease.receiptHandle, suspendGraceSeconds, AbortSignal.timeout(leaseSeconds * 1000));
  log.info({ journal: journal.path, kept }, 'task suspended');
}

/** The newest receipt that the journal knows. Throws `CW-JOURNAL-CORRUPT` when it knows none. */
function lastDelivery(records: readonly JournalRecord[]): DeliveryReference {
  for (const record of records.toReversed()) {
    if (record.type === 'lease.adopted' || record.type === 'task.reopened' || record.type === 'task.accepted') {
      return record.data.delivery;
    }
  }
  throw coded('CW-JOURNAL-CORRUPT', 'The journal names no message.');
}

const lastEpoch = (records: readonly JournalRecord[]): number =>
  Math.max(0, ...records.map((record) => (record.type === 'task.claimed' ? record.data.epoch : 0)));
