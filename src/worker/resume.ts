// Takes up one task that an earlier worker left. Its journal is opened only now, when there is a slot for it.
import { coded, failureOf } from '../events/failure.ts';
import type { JournalRecord } from '../events/journal-record.ts';
import { fold } from '../machines/fold.ts';
import { waitsForMessage } from '../machines/task-summary.ts';
import type { Journal } from '../services/journal/journal.ts';
import { drive } from './consume.ts';
import { isHandedOver } from './handover.ts';
import { announce, type OwnedTasks } from './owned-tasks.ts';
import type { Runtime } from './runtime.ts';

/** Drives the task to its end. One that waits for its message goes on waiting, and a damaged journal is set aside. Never rejects: no task blocks another. */
export async function resume(runtime: Runtime, owned: OwnedTasks, taskId: string, signal: AbortSignal): Promise<void> {
  const announced = announce(owned, taskId);
  try {
    const journal = await openUnfinished(runtime, taskId);
    if (journal === undefined) return;
    if (!(await mayGoOn(runtime, journal))) return;
    runtime.log.info({ task: taskId }, 'resuming an unfinished task');
    const driven = drive(runtime, owned, taskId, journal, signal, { origin: 'inherited' });
    announced.opened();
    // It was logged there, and comes back with its message or the next start.
    await driven.catch(() => {});
  } finally {
    announced.withdraw();
  }
}

/** Undefined for a task that cannot go on now, or has nothing to go on with. */
async function openUnfinished({ state, log }: Runtime, taskId: string): Promise<Journal | undefined> {
  let journal: Journal | undefined;
  try {
    journal = await state.openJournal(taskId);
    if (journal === undefined || !waitsForItsMessage(journal.records)) return journal;
    await journal.close();
  } catch (error) {
    await journal?.close();
    const failure = failureOf(error);
    // Only damage is there to stay. A newer version or a full disk is not: the task goes on when that is put right.
    const path = failure.code === 'CW-JOURNAL-CORRUPT' ? await state.setAside(taskId) : state.journal(taskId);
    log.error({ task: taskId, failure, path }, 'a journal cannot be used now');
  }
  return undefined;
}

/** It was given up for now, or handed over to a message that nobody has received yet. */
const waitsForItsMessage = (records: readonly JournalRecord[]): boolean =>
  isHandedOver(records) || fold(records).snapshot.matches('released');

/**
 * Whether this worker still serves the task's repository. If not, nothing is done for it: the task waits for its message, which goes to the
 * dead-letter queue with the reason when it comes (consume.ts). One that has ended only owes its message something.
 */
async function mayGoOn({ settings, log }: Runtime, journal: Journal): Promise<boolean> {
  const { snapshot } = fold(journal.records);
  const { repository } = snapshot.context.task;
  if (snapshot.status === 'done' || settings.isAllowed(repository)) return true;
  const { failure } = coded('CW-REPOSITORY-NOT-ALLOWED', `This worker does not serve ${repository} any more.`);
  log.error({ task: journal.task, failure, path: journal.path }, 'an unfinished task is not worked on');
  try {
    if (!waitsForMessage(journal.records)) {
      journal.append({ type: 'task.suspended', data: { reason: failure.message, waitsFor: 'message' } });
      await journal.flushed();
    }
  } catch (error) {
    log.error({ task: journal.task, failure: failureOf(error) }, 'its journal cannot be written now');
  } finally {
    await journal.close();
  }
  return false;
}
