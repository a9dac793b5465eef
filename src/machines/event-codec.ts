// Between the journal's records and the machine's events. Records name the domain; XState's own event names stay in this file.
import type { JournalEntry, JournalEntryType, StepFailure } from '../events/journal-record.ts';
import type { ReportOutcome, VerifyOutcome } from '../events/outcomes.ts';
import { taskActors, type TaskActorName } from './task-actors.ts';

/** An event as the machine takes it. */
export type MachineEvent =
  | { type: `xstate.done.actor.${TaskActorName}`; actorId: TaskActorName; output: unknown }
  | { type: `xstate.error.actor.${TaskActorName}`; actorId: TaskActorName; error: StepFailure }
  | { type: 'CANCEL'; by: string; reason: string; found?: string };

type Names = { done: readonly JournalEntryType[]; failed: JournalEntryType };

/** Which records each service's end becomes. A verification has three ends that are not errors, a report two. */
const recordNames: Readonly<Record<TaskActorName, Names>> = {
  clone: { done: ['clone.done'], failed: 'clone.failed' },
  generate: { done: ['generate.done'], failed: 'generate.failed' },
  writeTests: { done: ['tests.done'], failed: 'tests.failed' },
  verify: { done: ['verify.passed', 'verify.failed', 'verify.unverified'], failed: 'verify.errored' },
  fix: { done: ['fix.done'], failed: 'fix.failed' },
  publish: { done: ['publish.done'], failed: 'publish.failed' },
  report: { done: ['report.done', 'report.undeliverable'], failed: 'report.failed' },
  wait: { done: ['wait.done'], failed: 'wait.failed' },
};

const actorNames = Object.keys(taskActors) as TaskActorName[]; // Object.keys forgets the key type

/** The journal entry for an event that reached the machine; undefined for events that are not recorded (`xstate.init`). */
export function entryOf(event: { type: string }): JournalEntry | undefined {
  if (isCancel(event)) {
    const { type: _, ...data } = event;
    return { type: 'task.cancelled', data };
  }
  const actor = actorNames.find((name) => event.type.endsWith(`.actor.${name}`));
  if (actor === undefined) return undefined;
  if ('output' in event) return { type: doneName(actor, event.output), data: event.output } as JournalEntry; // the table pairs names with outcomes
  if ('error' in event) return { type: recordNames[actor].failed, data: event.error } as JournalEntry; // as above
  return undefined;
}

/** The machine's event that an entry recorded; undefined for entries that the machine does not know (claims, repairs). */
export function eventOf(entry: JournalEntry): MachineEvent | undefined {
  if (entry.type === 'task.cancelled') return { type: 'CANCEL', ...entry.data };
  for (const actorId of actorNames) {
    const names = recordNames[actorId];
    if (names.done.includes(entry.type)) {
      return { type: `xstate.done.actor.${actorId}`, actorId, output: entry.data };
    }
    if (names.failed === entry.type) {
      return { type: `xstate.error.actor.${actorId}`, actorId, error: entry.data as StepFailure }; // a failed step's data is a StepFailure
    }
  }
  return undefined;
}

function doneName(actor: TaskActorName, output: unknown): JournalEntryType {
  if (actor === 'verify') return `verify.${(output as VerifyOutcome).verdict}`; // the machine's types give verify this output
  if (actor === 'report' && 'undeliverable' in (output as ReportOutcome)) return 'report.undeliverable'; // as above
  const [name] = recordNames[actor].done;
  if (name === undefined) throw new Error(`No record is named for the end of ${actor}.`);
  return name;
}

const isCancel = (event: { type: string }): event is Extract<MachineEvent, { type: 'CANCEL' }> =>
  event.type === 'CANCEL';
