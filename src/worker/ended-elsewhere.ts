// Looks whether another worker has ended a task that was not all the time in our hands. Whoever cannot be sure looks before working on.
import { inFlightMaxSeconds } from '../events/bounds.ts';
import { failureOf } from '../events/failure.ts';
import type { JournalRecord } from '../events/journal-record.ts';
import { fold } from '../machines/fold.ts';
import { waitsForMessage } from '../machines/task-summary.ts';
import type { CancelRequest } from './cancellation.ts';
import type { Runtime } from './runtime.ts';
import { reportMarker } from './steps/report.ts';

/**
 * The reason to end the task here, when its pull request or its explanation stands already. Undefined when neither is there, when GitHub
 * cannot tell now, or when what is there may be our own of a moment before a crash: the open step finds and records that itself.
 */
export async function endedElsewhere(
  { forge, clock, worker, log }: Runtime,
  records: readonly JournalRecord[],
  signal: AbortSignal,
): Promise<CancelRequest | undefined> {
  const { snapshot, steps } = fold(records);
  const { task, change } = snapshot.context;
  const has = (state: string): boolean => steps.some(({ after }) => after === state);
  const isOursNoMore = waitedMs(records, clock.now()) > inFlightMaxSeconds * 1000;
  try {
    const pulls = await forge.findPullRequests(task.repository, task.branch, signal);
    const mayBeOurs = (head: string): boolean => !isOursNoMore && has('publishing') && head === change?.head;
    const pull = pulls.find(({ body, headCommit }) => body.includes(task.id) && !mayBeOurs(headCommit));
    const seen = isOursNoMore || !has('reporting');
    const comment = seen
      ? await forge.findComment(task.repository, task.issueNumber, reportMarker(task.id), signal)
      : undefined;
    const found = pull?.url ?? comment?.url;
    if (found === undefined) return undefined;
    log.info({ found }, 'the task has ended elsewhere');
    return { by: worker.id, reason: `The task had ended already: ${found}`, found };
  } catch (error) {
    if (!signal.aborted)
      log.warn({ failure: failureOf(error) }, 'whether the task has ended elsewhere could not be seen');
    return undefined;
  }
}

/** Milliseconds for which the task has waited for its message. One that exists comes again within the longest time that SQS hides it. */
const waitedMs = (records: readonly JournalRecord[], now: number): number =>
  waitsForMessage(records) ? now - (records.at(-1)?.at ?? now) : 0;
