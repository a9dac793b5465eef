// From a message to a task: parse, recognise what is known already, refuse what is not allowed, accept the rest. Nothing is lost here.
import { leaseSeconds, receiveBackoffMaxMs, receiveBackoffMinMs } from '../events/bounds.ts';
import { coded, CodedError, failureOf } from '../events/failure.ts';
import type { DeliveryReference } from '../events/journal-record.ts';
import { parseTaskMessage } from '../events/task-message.ts';
import { taskOf, type Task } from '../events/task.ts';
import { fold } from '../machines/fold.ts';
import { Journal } from '../services/journal/journal.ts';
import type { Delivery } from '../services/queue/queue.ts';
import { ownTask, type OwnedTask } from './own-task.ts';
import type { Runtime } from './runtime.ts';

/** The tasks that run in this process, by id. */
export type OwnedTasks = Map<string, OwnedTask>;

/** Polls for one message at a time and does its task, until `signal` is aborted. Errors of the queue back off, those of one task stay with it. */
export async function consume(runtime: Runtime, owned: OwnedTasks, signal: AbortSignal): Promise<void> {
  let backoffMs = 0;
  while (!signal.aborted) {
    try {
      const delivery = await runtime.queue.receive(leaseSeconds, signal);
      backoffMs = 0;
      if (delivery) await take(runtime, owned, delivery, signal);
    } catch (error) {
      if (signal.aborted) return;
      backoffMs = Math.min(Math.max(receiveBackoffMinMs, backoffMs * 2), receiveBackoffMaxMs);
      runtime.log.error({ failure: failureOf(error), backoffMs }, 'the queue or a task failed; trying again');
      await runtime.clock.sleep(backoffMs, signal).catch(() => {});
    }
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
    if (running.adopt(reference)) {
      log.info({ task: task.id }, 'delivered again while it runs; the newer receipt is adopted');
      return;
    }
    // It is ending and settles an older receipt: what is to be done with this one is known when it has ended.
    await running.done.catch(() => {});
    signal.throwIfAborted();
  }
  if (await state.findEnded(task.id)) {
    log.info({ task: task.id }, 'delivered again after its end; the message is deleted');
    await queue.delete(delivery.receiptHandle, signal);
    return;
  }
  const journal = await openJournal(runtime, task, reference);
  await drive(runtime, owned, task.id, journal, signal);
}

/** Drives an open journal's task and keeps it known as owned meanwhile. */
export async function drive(
  runtime: Runtime,
  owned: OwnedTasks,
  taskId: string,
  journal: Journal,
  signal: AbortSignal,
): Promise<void> {
  const task = ownTask(runtime, journal, signal);
  owned.set(taskId, task);
  try {
    await task.done;
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

/** A new journal for a new task; an unfinished one is taken up again, and one that was released is reopened. */
async function openJournal(runtime: Runtime, task: Task, delivery: DeliveryReference): Promise<Journal> {
  const { state, settings } = runtime;
  const path = state.journal(task.id);
  const existing = (await state.isActive(task.id)) ? await Journal.open(path, task.id) : undefined;
  if (existing) {
    const released = fold(existing.records).snapshot.matches('released');
    existing.append({ type: released ? 'task.reopened' : 'lease.adopted', data: { delivery } });
    await existing.flushed();
    return existing;
  }
  const journal = await Journal.create(path, task.id);
  journal.append({ type: 'task.accepted', data: { task, limits: settings.limits, delivery } });
  await journal.flushed();
  return journal;
}

const referenceTo = ({ messageId, receiptHandle, receiveCount }: Delivery): DeliveryReference => ({
  messageId,
  receiptHandle,
  receiveCount,
});
