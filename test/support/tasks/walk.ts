// Walks the machine by records, as a journal would: the fold decides what each record does.
import type { Failure } from '../../../src/events/failure.ts';
import type { JournalEntry, JournalRecord } from '../../../src/events/journal-record.ts';
import type { Task } from '../../../src/events/task.ts';
import { fold, stateName, type TaskSnapshot } from '../../../src/machines/fold.ts';
import { changed, cloned, delivery, instant, issueTask, limits, published, reported, verified } from './facts.ts';

export type Ending = 'done' | 'failed' | Failure;

export const accepted = (task: Task = issueTask): JournalEntry => ({
  type: 'task.accepted',
  data: { task, limits, delivery },
});

/** Entries with the places that a journal would give them. */
export const recordsOf = (entries: readonly JournalEntry[], task: Task = issueTask): JournalRecord[] =>
  entries.map((entry, index) => ({ v: 1, seq: index + 1, at: instant + index, task: task.id, ...entry }));

/** The state after these entries of an accepted task. */
export const after = (...entries: JournalEntry[]): TaskSnapshot => fold(recordsOf([accepted(), ...entries])).snapshot;
export const stateAfter = (...entries: JournalEntry[]): string => stateName(after(...entries));

/** What the running step of a state records when it ends so. `failed` is a verification's verdict, and for other steps the same as `done`. */
export function endOf(state: string, ending: Ending): JournalEntry {
  const error = typeof ending === 'object' ? ending : undefined;
  switch (state) {
    case 'cloning':
      return error ? { type: 'clone.failed', data: error } : { type: 'clone.done', data: cloned() };
    case 'generating':
      return error ? { type: 'generate.failed', data: error } : { type: 'generate.done', data: changed() };
    case 'testing-pass':
      return error ? { type: 'tests.failed', data: error } : { type: 'tests.done', data: changed() };
    case 'verifying':
      if (error) return { type: 'verify.errored', data: error };
      return ending === 'failed'
        ? { type: 'verify.failed', data: verified('failed') }
        : { type: 'verify.passed', data: verified('passed') };
    case 'fixing':
      return error ? { type: 'fix.failed', data: error } : { type: 'fix.done', data: changed() };
    case 'publishing':
      return error ? { type: 'publish.failed', data: error } : { type: 'publish.done', data: published() };
    case 'reporting':
      return error ? { type: 'report.failed', data: error } : { type: 'report.done', data: reported() };
    case 'backing-off':
      return error ? { type: 'wait.failed', data: error } : { type: 'wait.done', data: { durationMs: 10 } };
    default:
      throw new Error(`No step runs in the state ${state}.`);
  }
}

/** Ends step after step as told, from a new task on; whatever is running when the endings are used up still runs. */
export function walk(endings: readonly Ending[], task: Task = issueTask): JournalEntry[] {
  const entries: JournalEntry[] = [accepted(task)];
  for (const ending of endings) entries.push(endOf(stateName(fold(recordsOf(entries, task)).snapshot), ending));
  return entries;
}

/** As `walk`, and on with steps that end well until the task has ended; waits are waited out without an ending of their own. */
export function walkToEnd(endings: readonly Ending[], task: Task = issueTask): JournalEntry[] {
  const entries: JournalEntry[] = [accepted(task)];
  const left = [...endings];
  for (;;) {
    const { snapshot } = fold(recordsOf(entries, task));
    if (snapshot.status !== 'active') return entries;
    const state = stateName(snapshot);
    entries.push(endOf(state, state === 'backing-off' ? 'done' : (left.shift() ?? 'done')));
  }
}
