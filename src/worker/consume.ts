// From a message to a task: parse, recognise what is known already, refuse what is not allowed, accept the rest. Nothing is lost here.
import { receiveBackoffMaxMs, receiveBackoffMinMs } from '../events/bounds.ts';
import { coded, CodedError, failureOf } from '../events/failure.ts';
import type { DeliveryReference, JournalEntry } from '../events/journal-record.ts';
import { parseTaskMessage } from '../events/task-message.ts';
import { taskOf, type Task } from '../events/task.ts';
import { fold, stateWith } from '../machines/fold.ts';
import type { Journal } from '../services/journal/journal.ts';
import type { Delivery } from '../services/queue/queue.ts';
import type { CancelRequest } from './cancellation.ts';
import { ownTask, type Origin } from './own-task.ts';
import { announce, type OwnedTasks } from './owned-tasks.ts';
import type { Runtime } from './runtime.ts';

/**
 * Polls for one message at a time and does its task, until `signal` is aborted. Failures of the queue back off, those of one task stay with
 * it. Each poll waits for `ready`.
 */
export async function consume(
  runtime: Runtime,
  owned: OwnedTasks,
  signal: AbortSignal,
  ready: () => Promise<void> = async () => {},
): Promise<void> {
  let backoffMs = 0;
  for (;;) {
    await ready();
    if (signal.aborted) return;
    let delivery: Delivery | undefined;
    try {
      delivery = await runtime.queue.receive(runtime.settings.leaseSeconds, signal);
      if (backoffMs > 0) runtime.log.info('the queue answers again');
      backoffMs = 0;
    } catch (error) {
      if (signal.aborted) return;
      backoffMs = Math.min(Math.max(receiveBackoffMinMs, backoffMs * 2), receiveBackoffMaxMs);
      runtime.log.error({ failure: failureOf(error), backoffMs }, 'the queue could not be asked; trying again');
      await runtime.clock.sleep(backoffMs, signal).catch(() => {});
    }
    if (delivery) await takeQuietly(runtime, owned, delivery, signal);
  }
}

/** What breaks one message breaks no other: it stays in the queue, and is delivered again when its lease has ended. */
async function takeQuietly(
  runtime: Runtime,
  owned: OwnedTasks,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<void> {
  try {
    await take(runtime, owned, delivery, signal);
  } catch (error) {
    if (signal.aborted) return;
    const { messageId } = delivery;
    runtime.log.error({ messageId, failure: failureOf(error) }, 'the message stays in the queue and will come again');
    await runtime.clock.sleep(receiveBackoffMinMs, signal).catch(() => {});
  }
}

/** What becomes of one delivery. Exported for the tests of each case. */
export async function take(
  runtime: Runtime,
  owned: OwnedTasks,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<void> {
  const task = await readTask(runtime, delivery, signal);
  if (task === undefined) return;
  const { log, queue, state } = runtime;
  const reference = referenceTo(delivery);
  for (let running = owned.get(task.id); running !== undefined; running = owned.get(task.id)) {
    const answer = running.offer(reference);
    log.info({ task: task.id, answer }, 'delivered again while it runs');
    if (answer === 'duplicate') await queue.delete(delivery.receiptHandle, signal);
    if (answer !== 'busy') return;
    // What is to be done with this message is known when the task is open, or has ended.
    await running.done.catch(() => {});
    signal.throwIfAborted();
  }
  const announced = announce(owned, task.id);
  try {
    if (await state.findEnded(task.id)) {
      log.info({ task: task.id }, 'delivered again after its end; the message is deleted');
      await queue.delete(delivery.receiptHandle, signal);
      return;
    }
    const journal = await openOrPark(runtime, task, delivery, signal);
    if (journal === undefined) return;
    const driven = drive(runtime, owned, task.id, journal, signal, {
      origin: delivery.receiveCount > 1 ? 'redelivered' : 'new',
    });
    announced.opened();
    await driven;
  } finally {
    announced.withdraw();
  }
}

/** Drives an open journal's task and keeps it known as owned meanwhile; with a `request`, to its cancellation. `origin` is `new` if not said. */
export async function drive(
  runtime: Runtime,
  owned: OwnedTasks,
  taskId: string,
  journal: Journal,
  signal: AbortSignal,
  how: { origin?: Origin; request?: CancelRequest } = {},
): Promise<void> {
  const task = ownTask(runtime, journal, how, signal);
  owned.set(taskId, task);
  try {
    await task.done;
  } catch (error) {
    runtime.log.error({ task: taskId, failure: failureOf(error) }, 'the task could not be driven to its end');
    throw error;
  } finally {
    owned.delete(taskId);
  }
}

/** The task in a message; undefined when the message was parked in the dead-letter queue instead. */
async function readTask(
  { queue, settings, log }: Runtime,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<Task | undefined> {
  try {
    const task = taskOf(parseTaskMessage(delivery.body));
    if (!settings.isAllowed(task.repository)) {
      throw coded('CW-REPOSITORY-NOT-ALLOWED', `This worker does not serve ${task.repository}.`);
    }
    return task;
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    log.warn({ messageId: delivery.messageId, failure: error.failure }, 'the message goes to the dead-letter queue');
    await queue.park(delivery, error.failure, signal);
    return undefined;
  }
}

/**
 * The task's journal, open; undefined when it cannot be used: then the message goes to the dead-letter queue, where a person finds the
 * reason. A damaged journal is set aside, one of a newer version stays where the newer worker looks for it, untouched. To begin such a task
 * anew could contradict what was published for it already.
 */
async function openOrPark(
  runtime: Runtime,
  task: Task,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<Journal | undefined> {
  const { state, queue, log } = runtime;
  try {
    return await openJournal(runtime, task, referenceTo(delivery));
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    const { failure } = error;
    if (failure.code !== 'CW-JOURNAL-CORRUPT' && failure.code !== 'CW-JOURNAL-VERSION') throw error;
    const path = failure.code === 'CW-JOURNAL-CORRUPT' ? await state.setAside(task.id) : state.journal(task.id);
    log.error({ task: task.id, failure, path }, 'a journal cannot be used; its message goes to the dead-letter queue');
    await queue.park(delivery, failure, signal);
    return undefined;
  }
}

/** A new journal for a new task; an unfinished one is taken up again, and one that was released is reopened. */
async function openJournal(runtime: Runtime, task: Task, delivery: DeliveryReference): Promise<Journal> {
  const { state, settings } = runtime;
  if (await state.isSetAside(task.id)) {
    throw coded('CW-JOURNAL-CORRUPT', `The journal of ${task.id} was set aside.`);
  }
  const existing = (await state.isActive(task.id)) ? await state.openJournal(task.id) : undefined;
  if (existing) {
    return onDisk(existing, () => {
      const released = fold(existing.records).snapshot.matches('released');
      return { type: released ? 'task.reopened' : 'lease.adopted', data: { delivery } };
    });
  }
  const journal = await state.createJournal(task.id);
  return onDisk(journal, () => ({ type: 'task.accepted', data: { task, limits: settings.limits, delivery } }));
}

/** The journal with one more record, on disk; closed when that fails. */
export async function onDisk(journal: Journal, next: () => JournalEntry): Promise<Journal> {
  try {
    const entry = next();
    journal.append(entry, stateWith(journal.records, entry));
    await journal.flushed();
    return journal;
  } catch (error) {
    await journal.close();
    throw error;
  }
}

const referenceTo = ({ messageId, receiptHandle, receiveCount }: Delivery): DeliveryReference => ({
  messageId,
  receiptHandle,
  receiveCount,
});
