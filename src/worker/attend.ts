// Attends to the operator's requests: a running task is told, a waiting one is ended without a slot, and the request goes when the task has ended.
import { failureOf } from '../events/failure.ts';
import { fold } from '../machines/fold.ts';
import type { Journal } from '../services/journal/journal.ts';
import type { CancelRequest } from './cancellation.ts';
import { drive, onDisk } from './consume.ts';
import { isEnding } from './own-task.ts';
import { announce, type OwnedTasks } from './owned-tasks.ts';
import { dropRequest, readRequest, requestedTasks } from './requests.ts';
import type { Runtime } from './runtime.ts';
import { lastDelivery } from './settle.ts';

type Tasks = {
  owned: OwnedTasks;
  /** Ids of the tasks that wait for a slot; who takes one removes it. */
  unfinished: string[];
};

export type Attendant = {
  /** Looks once. Resolves when every request is known to its task, not when it is done. */
  look: () => Promise<void>;
  /** Looks again and again until `signal` is aborted, and resolves when what it ended has ended. Never rejects. */
  keep: () => Promise<void>;
};

export function attendant(runtime: Runtime, tasks: Tasks, signal: AbortSignal): Attendant {
  const { clock, log, state, settings } = runtime;
  const ending = new Set<Promise<void>>();

  const attend = async (taskId: string): Promise<void> => {
    const request = await readRequest(state, taskId);
    const isActive = await state.isActive(taskId);
    const endsAnyway = tasks.unfinished.includes(taskId) && (await endsBySlot(runtime, taskId));
    // Nothing is waited for from here to the task's announcement: a slot could take it meanwhile.
    const running = tasks.owned.get(taskId);
    if (request && running) running.cancel(request);
    else if (request && endsAnyway) return;
    else if (request && isActive) {
      const work = endWaiting(runtime, tasks, taskId, request, signal).finally(() => ending.delete(work));
      ending.add(work);
    } else {
      log.info({ task: taskId }, 'nothing is left to cancel; the request is dropped');
      await dropRequest(state, taskId);
    }
  };
  const look = async (): Promise<void> => {
    for (const taskId of await requestedTasks(state)) {
      await attend(taskId).catch((error: unknown) => {
        log.warn({ task: taskId, failure: failureOf(error) }, 'a request could not be attended to; trying again');
      });
    }
  };
  return {
    look,
    async keep() {
      while (!signal.aborted) {
        await clock.sleep(settings.requestPollMs, signal).catch(() => {});
        if (!signal.aborted) await look();
      }
      await Promise.allSettled(ending);
    },
  };
}

/** What is being published or reported may stand there already: it ends by itself, as soon as a slot is free. */
async function endsBySlot({ state }: Runtime, taskId: string): Promise<boolean> {
  // A journal that cannot be read is found out about by who opens it.
  return state.readRecords(taskId).then(isEnding, () => false);
}

/** Ends a task that no slot has: one that waits for a slot, or that was released and waits for its message. */
async function endWaiting(
  runtime: Runtime,
  { owned, unfinished }: Tasks,
  taskId: string,
  request: CancelRequest,
  signal: AbortSignal,
): Promise<void> {
  const { state, log } = runtime;
  const announced = announce(owned, taskId);
  if (unfinished.includes(taskId)) unfinished.splice(unfinished.indexOf(taskId), 1);
  try {
    const journal = await openUnowned(runtime, taskId);
    if (journal === undefined) return;
    const driven = drive(runtime, owned, taskId, journal, signal, { request });
    announced.opened();
    await driven;
  } catch (error) {
    if (signal.aborted) return;
    // To try the same every second would help nobody. The task stays as it is.
    log.error({ task: taskId, failure: failureOf(error) }, 'the task could not be cancelled; the request is dropped');
    await dropRequest(state, taskId);
  } finally {
    announced.withdraw();
  }
}

/** A released run has ended, so it is taken up again, to be cancelled: with the message that it was released with. */
async function openUnowned({ state }: Runtime, taskId: string): Promise<Journal | undefined> {
  const journal = await state.openJournal(taskId);
  if (journal === undefined || !fold(journal.records).snapshot.matches('released')) return journal;
  const delivery = lastDelivery(journal.records);
  return onDisk(journal, () => ({ type: 'task.reopened', data: { delivery } }));
}
