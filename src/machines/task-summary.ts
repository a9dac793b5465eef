// A task at a glance, from its journal: where it stands, since when, and what last went wrong.
import type { JournalRecord } from '../events/journal-record.ts';
import type { Task } from '../events/task.ts';
import { fold, stateName } from './fold.ts';
import { replayLine } from './replay.ts';

export type TaskSummary = {
  task: Task;
  state: string;
  /** True when a worker was asked to stop in mid-task and none has taken it up again. */
  suspended: boolean;
  /** True when it can go on only when its message comes again, because that was no longer the worker's. */
  waitsForMessage: boolean;
  /** Epoch milliseconds at which it came into this state. */
  since: number;
  /** Fix passes begun. */
  fixes: number;
  /** The last failure that the journal tells of, though it may have been got over since. */
  failure: { code: string; message: string } | null;
};

/** Throws as `fold`. */
export function summaryOf(records: readonly JournalRecord[]): TaskSummary {
  const { snapshot, steps } = fold(records);
  const entered = steps.findLast(({ before, after }) => before !== after);
  const failed = steps.map(replayLine).findLast(({ code }) => code !== undefined);
  return {
    task: snapshot.context.task,
    state: stateName(snapshot),
    suspended: snapshot.status === 'active' && isSuspension(records.at(-1)),
    waitsForMessage: snapshot.status === 'active' && waitsForMessage(records),
    since: entered?.record.at ?? 0,
    fixes: snapshot.context.fixes,
    failure: failed?.code === undefined ? null : { code: failed.code, message: failed.message ?? '' },
  };
}

const isSuspension = (last: JournalRecord | undefined): boolean =>
  last?.type === 'task.suspended' || last?.type === 'message.renewed';

/** Whether the last word on the task is that its message has to come again, or another one in its place. */
export function waitsForMessage(records: readonly JournalRecord[]): boolean {
  const last = records.at(-1);
  return last?.type === 'message.renewed' || (last?.type === 'task.suspended' && last.data.waitsFor === 'message');
}
