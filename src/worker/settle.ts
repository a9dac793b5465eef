// What a task's end does to its message: it goes, comes again later, or is kept for a person in the dead-letter queue. Then the working copies go.
import { releaseDelaySeconds } from '../events/bounds.ts';
import { coded, type Failure } from '../events/failure.ts';
import type { DeliveryReference, JournalRecord } from '../events/journal-record.ts';
import { messageOf } from '../events/task.ts';
import { fold, stateName, type TaskSnapshot } from '../machines/fold.ts';
import type { Journal } from '../services/journal/journal.ts';
import { insist } from './insist.ts';
import type { Lease } from './lease.ts';
import type { Runtime } from './runtime.ts';
import { removeOwnBranch } from './steps/remove-own-branch.ts';
import { workspaceKey } from './steps/step.ts';

type Held = { journal: Journal; lease: Lease };

/** After the end is on disk, and only then, the message goes; then the working copies, and last the journal's place in active/. */
export async function settle(
  runtime: Runtime,
  { journal, lease }: Held,
  snapshot: TaskSnapshot,
  signal: AbortSignal,
): Promise<void> {
  const { state, workspace, clock, log } = runtime;
  const { task } = snapshot.context;
  if (!isSettled(journal.records)) {
    const how = await settleMessage(runtime, { journal, lease }, snapshot, signal);
    journal.append({ type: 'message.settled', data: { how } });
    await journal.flushed();
  }
  // It is given up for now only, and goes on when its message comes again.
  if (snapshot.matches('released')) return;
  // What another worker published stays, and so does what a merged or closed pull request of it left.
  const isAnothers = snapshot.context.cancelled?.found !== undefined;
  if (snapshot.matches('cancelled') && !isAnothers) await takeBack(runtime, journal, snapshot, signal);
  await workspace.dispose(workspaceKey(task));
  const path = await state.archive(task.id, clock.now());
  log.info({ state: stateName(snapshot), journal: path }, 'task ended');
}

type Settled = Extract<JournalRecord, { type: 'message.settled' }>['data']['how'];

async function settleMessage(
  runtime: Runtime,
  { journal, lease }: Held,
  snapshot: TaskSnapshot,
  signal: AbortSignal,
): Promise<Settled> {
  const { queue, log } = runtime;
  const never = new AbortController().signal;
  const reason = reasonToPark(snapshot);
  if (reason) {
    const delivery = { ...lastDelivery(journal.records), receiptHandle: lease.receiptHandle };
    const message = { ...delivery, body: messageOf(snapshot.context.task) };
    await insist(runtime, () => queue.park(message, reason, never), signal);
    log.error({ failure: reason, journal: journal.path }, 'the message goes to the dead-letter queue');
    return 'parked';
  }
  if (snapshot.matches('released')) {
    await insist(runtime, () => queue.extend(lease.receiptHandle, releaseDelaySeconds, never), signal);
    return 'released';
  }
  await insist(runtime, () => queue.delete(lease.receiptHandle, never), signal);
  return 'deleted';
}

/** Set when there is no issue to explain it on: then the dead-letter queue is where a person finds the reason. */
function reasonToPark({ context: { failure, report } }: TaskSnapshot): Failure | undefined {
  if (failure === undefined || report === undefined || !('undeliverable' in report)) return undefined;
  const untold = `The issue could not be told: ${report.undeliverable.message}`;
  return coded(failure.code, `${failure.message} ${untold}`, { at: failure.at }).failure;
}

/** A run that tried to publish before it was cancelled may have pushed its branch: nobody would ever open a pull request for it. */
async function takeBack(runtime: Runtime, journal: Journal, { context }: TaskSnapshot, signal: AbortSignal) {
  const { task, change } = context;
  if (change === undefined || !fold(journal.records).steps.some(({ after }) => after === 'publishing')) return;
  const never = new AbortController().signal;
  await insist(runtime, () => removeOwnBranch(runtime, task, change.head, never), signal);
}

/** The newest receipt that the journal knows. Throws `CW-JOURNAL-CORRUPT` when there is none. */
export const lastDelivery = (records: readonly JournalRecord[]): DeliveryReference =>
  lastDeliveryRecord(records).data.delivery;

/** Throws `CW-JOURNAL-CORRUPT` when the journal knows no receipt. */
export function lastDeliveryRecord(
  records: readonly JournalRecord[],
): Extract<JournalRecord, { data: { delivery: unknown } }> {
  for (const record of records.toReversed()) {
    if (record.type === 'lease.adopted' || record.type === 'task.reopened' || record.type === 'task.accepted') {
      return record;
    }
  }
  throw coded('CW-JOURNAL-CORRUPT', 'The journal names no message.');
}

/** The message was deleted or parked, and none was delivered since. */
function isSettled(records: readonly JournalRecord[]): boolean {
  const settled = records.findLastIndex(({ type, data }) => type === 'message.settled' && data.how !== 'released');
  return settled > records.lastIndexOf(lastDeliveryRecord(records));
}
