// One task from its journal to the end of its message: claim, run, settle. What is killed in between is done again by the next worker.
import type { DeliveryReference, JournalRecord } from '../events/journal-record.ts';
import { receiptAnswerMaxMs } from '../events/bounds.ts';
import { fold, stateName } from '../machines/fold.ts';
import type { Journal } from '../services/journal/journal.ts';
import { Cancellation, type CancelRequest } from './cancellation.ts';
import { endedElsewhere } from './ended-elsewhere.ts';
import { MessageAge } from './handover.ts';
import { Lease } from './lease.ts';
import { leased } from './leased.ts';
import { runTask, type RunEnd } from './run-task.ts';
import type { Runtime } from './runtime.ts';
import { lastDelivery, lastDeliveryRecord, settle } from './settle.ts';
import { suspend } from './suspend.ts';

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

/** How a task came into our hands. */
export type Origin =
  /** Its message was delivered for the first time. */
  | 'new'
  /** Its message was delivered before, to whomever. */
  | 'redelivered'
  /** An earlier worker left it here, and its message may have become another's meanwhile. */
  | 'inherited';

type How = { origin?: Origin; request?: CancelRequest };

/** Claims and drives a task whose journal is open; `signal` suspends it. With a `request` it is cancelled before it does anything. */
export function ownTask(worker: Runtime, journal: Journal, how: How, signal: AbortSignal): OwnedTask {
  const runtime = { ...worker, log: worker.log.child({ task: journal.task }) };
  // One that has ended, or is about to, does nothing that another worker could have done.
  const isOpen = how.request === undefined && fold(journal.records).snapshot.status === 'active';
  const origin = isOpen ? (how.origin ?? 'new') : 'new';
  const lease = new Lease(runtime, lastDelivery(journal.records).receiptHandle, origin);
  const offer: OwnedTask['offer'] = (delivery) => {
    // The task has ended and is settling an older receipt, or is about to be left to whoever has its message.
    if (lease.stopped || lease.lost.aborted) return 'busy';
    if (lease.isHeld && delivery.messageId !== lastDelivery(journal.records).messageId) return 'duplicate';
    lease.adopt(delivery.receiptHandle);
    journal.append({ type: 'lease.adopted', data: { delivery } });
    return 'adopted';
  };
  const cancellation = new Cancellation();
  if (how.request) cancellation.ask(how.request);
  const cancel: OwnedTask['cancel'] = (asked) => {
    if (!lease.stopped && !isEnding(journal.records)) cancellation.ask(asked);
  };
  return { offer, cancel, done: drive(runtime, journal, { lease, cancellation, origin }, signal) };
}

/** Whether the task is at the step that tells the world how it ended, or waits to repeat it: what failed may stand there all the same. */
export function isEnding(records: readonly JournalRecord[]): boolean {
  const { snapshot } = fold(records);
  const step = snapshot.matches('backing-off') ? snapshot.context.setback?.step : stateName(snapshot);
  return step === 'publishing' || step === 'reporting';
}

type Held = { lease: Lease; cancellation: Cancellation; origin: Origin };

async function drive(runtime: Runtime, journal: Journal, held: Held, signal: AbortSignal): Promise<void> {
  const { lease } = held;
  const age = new MessageAge(runtime.clock, () => lastDeliveryRecord(journal.records).at);
  const ended = new AbortController();
  const beating = lease.keep();
  void age.watch(ended.signal);
  try {
    const end = await work({ ...runtime, observer: age.watchedBy(runtime.observer) }, journal, held, {
      signal,
      old: age.over,
    });
    lease.stop();
    await beating;
    if (end.ended) {
      await settle(runtime, { journal, lease }, end.snapshot, signal);
      runtime.observer.onEnded?.(end.snapshot.context.task.id);
    } else await suspend(runtime, { journal, lease }, end.reason, age.over);
  } finally {
    ended.abort();
    lease.stop();
    await journal.close();
  }
}

/** `signal` ends the worker, `old` is aborted when the message has to be sent anew. */
type Stops = { signal: AbortSignal; old: AbortSignal };

/** Works on the task while its message is ours. Whenever another worker may have had it, it looks first whether the task has ended there. */
async function work(runtime: Runtime, journal: Journal, held: Held, { signal, old }: Stops): Promise<RunEnd> {
  const { lease, cancellation, origin } = held;
  const ours = { ...runtime, ...leased(runtime, lease) };
  const stop = AbortSignal.any([signal, lease.lost, old]);
  if (origin === 'inherited') await heardOf(runtime, lease, signal);
  if (!stop.aborted) {
    await claim(runtime, journal);
    const ended = origin === 'redelivered' && (await endedElsewhere(runtime, journal.records, stop));
    if (ended) cancellation.ask(ended);
    const end = await runTask(ours, journal, stop, cancellation);
    if (end.ended) return end;
  }
  const ended = lease.isStale && !signal.aborted && (await endedElsewhere(runtime, journal.records, signal));
  if (!ended) return { ended: false, reason: stop.reason };
  await claim(runtime, journal);
  cancellation.ask(ended);
  return runTask(ours, journal, signal, cancellation);
}

/** Resolves when the queue has said whose the message is, or cannot be asked at once. */
async function heardOf({ clock }: Runtime, lease: Lease, signal: AbortSignal): Promise<void> {
  const enough = new AbortController();
  const waited = clock.sleep(receiptAnswerMaxMs, AbortSignal.any([signal, enough.signal])).catch(() => {});
  await Promise.race([lease.asked, waited]);
  enough.abort();
}

async function claim({ worker, settings }: Runtime, journal: Journal): Promise<void> {
  const epoch = lastEpoch(journal.records) + 1;
  journal.append({ type: 'task.claimed', data: { epoch, worker, limits: settings.limits } });
  await journal.flushed();
}

const lastEpoch = (records: readonly JournalRecord[]): number =>
  Math.max(0, ...records.map((record) => (record.type === 'task.claimed' ? record.data.epoch : 0)));
