// From records to a task's state, purely: resume, replay and the tests all use this fold, and nothing else holds a task's state.
import { initialTransition, transition, type Snapshot, type SnapshotFrom } from 'xstate';
import { coded } from '../events/failure.ts';
import type { TaskLimits } from '../events/limits.ts';
import {
  journalVersion,
  type JournalEntry,
  type JournalEntryType,
  type JournalRecord,
} from '../events/journal-record.ts';
import { eventOf } from './event-codec.ts';
import { progressOf } from './task-context.ts';
import { taskMachine } from './task-machine.ts';

export type TaskSnapshot = SnapshotFrom<typeof taskMachine>;

/** One record with the state before and after it; they are equal for a record that the machine does not know. */
export type FoldedRecord = { record: JournalRecord; before: string; after: string };

export type FoldedTask = { snapshot: TaskSnapshot; steps: FoldedRecord[] };

/**
 * Folds a task's records, the first of which must be `task.accepted`. Throws `CW-JOURNAL-CORRUPT` for records that do not tell
 * a run: no beginning or two, a service's end in a state that does not run it, anything of the machine's after its end; and
 * `CW-JOURNAL-VERSION` for a kind of record that only a newer worker writes.
 */
export function fold(records: readonly JournalRecord[]): FoldedTask {
  const [first] = records;
  if (first?.type !== 'task.accepted')
    throw coded('CW-JOURNAL-CORRUPT', 'The journal does not begin with task.accepted.');
  const { task, limits } = first.data;
  let [snapshot] = initialTransition(taskMachine, { task, limits });
  const steps: FoldedRecord[] = [{ record: first, before: '', after: stateName(snapshot) }];
  for (const record of records.slice(1)) {
    const before = stateName(snapshot);
    snapshot = advance(snapshot, record);
    steps.push({ record, before, after: stateName(snapshot) });
  }
  return { snapshot, steps };
}

/** The snapshot in the form that `createActor` starts from; it starts the one service that was running. */
export function persisted(snapshot: TaskSnapshot): Snapshot<unknown> {
  return taskMachine.getPersistedSnapshot(snapshot);
}

/** The state's name as the design and the journal's readers know it. */
export function stateName(snapshot: TaskSnapshot): string {
  return typeof snapshot.value === 'string' ? snapshot.value : JSON.stringify(snapshot.value);
}

/** The state that an event leads to from here; for its record, which is written before the event takes effect. */
export function stateAfter(snapshot: TaskSnapshot, event: { type: string }): string {
  return stateName(next(snapshot, event));
}

/** The state that `records` and a further entry lead to; undefined for an entry that moves nothing. Throws as `fold`. */
export function stateWith(records: readonly JournalRecord[], entry: JournalEntry): string | undefined {
  if (besideTheMachine.has(entry.type)) return undefined;
  const place = { v: journalVersion, seq: records.length + 1, at: 0, task: '' } as const;
  return stateName(fold([...records, { ...place, ...entry }]).snapshot);
}

function advance(snapshot: TaskSnapshot, record: JournalRecord): TaskSnapshot {
  if (record.type === 'task.reopened') {
    if (!snapshot.matches('released')) throw disagrees(snapshot, record);
    const { task, limits } = snapshot.context;
    const [reopened] = initialTransition(taskMachine, { task, limits, progress: progressOf(snapshot.context) });
    return reopened;
  }
  if (record.type === 'task.claimed' && record.data.limits) return withLimits(snapshot, record.data.limits);
  if (besideTheMachine.has(record.type)) return snapshot;
  const event = eventOf(record);
  if (event === undefined) throw unknown(record);
  const isRunning = event.type === 'CANCEL' || event.actorId in snapshot.children;
  if (snapshot.status !== 'active' || !isRunning) throw disagrees(snapshot, record);
  return next(snapshot, event);
}

/** Moves nothing; what the machine decides from here on it decides by these. A wait that has begun keeps its instant. */
function withLimits(snapshot: TaskSnapshot, limits: TaskLimits): TaskSnapshot {
  return { ...snapshot, context: { ...snapshot.context, limits } };
}

function next(snapshot: TaskSnapshot, event: { type: string }): TaskSnapshot {
  // XState types transition() by the machine's own events; the ends of its services are events too, only untyped.
  const [after] = transition(taskMachine, snapshot, event as Parameters<typeof transition<typeof taskMachine>>[2]);
  return after;
}

/** Records that tell of the journal, its writer or its message, and move no state. */
const besideTheMachine: ReadonlySet<JournalEntryType> = new Set([
  'task.claimed',
  'lease.adopted',
  'task.suspended',
  'journal.repaired',
  'message.settled',
  'message.renewed',
]);

// A second task.accepted is known, but cannot happen.
const unknown = ({ seq, type }: JournalRecord): Error =>
  type === 'task.accepted'
    ? coded('CW-JOURNAL-CORRUPT', `Record ${seq} (${type}) can only be the first.`)
    : coded(
        'CW-JOURNAL-VERSION',
        `Record ${seq} is of the kind ${JSON.stringify(type)}, which this worker does not know.`,
      );

const disagrees = (snapshot: TaskSnapshot, record: JournalRecord): Error =>
  coded(
    'CW-JOURNAL-CORRUPT',
    `Record ${record.seq} (${record.type}) cannot happen in the state ${stateName(snapshot)}.`,
  );
