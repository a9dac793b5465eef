// The codec: every kind of record that moves the machine is one event, and back again; the others move nothing.
import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../src/events/journal-record.ts';
import { entryOf, eventOf } from '../../src/machines/event-codec.ts';
import { fold } from '../../src/machines/fold.ts';
import { workingStates } from '../../src/machines/task-context.ts';
import { delivery, permanent, transient, verified } from '../support/tasks/facts.ts';
import { accepted, endOf, recordsOf, stateAfter, walk, walkToEnd } from '../support/tasks/walk.ts';

const moving: JournalEntry[] = [
  ...[...workingStates, 'backing-off'].flatMap((state) => [endOf(state, 'done'), endOf(state, transient())]),
  { type: 'verify.failed', data: verified('failed') },
  { type: 'verify.unverified', data: verified('unverified') },
  { type: 'task.cancelled', data: { by: 'mei', reason: 'changed my mind' } },
];

const beside: JournalEntry[] = [
  { type: 'task.claimed', data: { epoch: 1, worker: { id: 'w', host: 'h', pid: 1, version: '0' } } },
  { type: 'lease.adopted', data: { delivery } },
  { type: 'task.suspended', data: { reason: 'SIGTERM' } },
  { type: 'journal.repaired', data: { bytes: 3, savedAs: 'x.torn-3' } },
  { type: 'message.settled', data: { how: 'deleted' } },
  { type: 'message.renewed', data: { messageId: 'm-2' } },
];

describe('the codec', () => {
  it.each(moving)('takes $type to the machine’s event and back', (entry) => {
    const event = eventOf(entry);
    expect(event && entryOf(event)).toEqual(entry);
  });

  it.each(beside)('knows no event for $type', (entry) => expect(eventOf(entry)).toBeUndefined());

  it('records nothing for what only XState says to itself', () => {
    for (const type of ['xstate.init', 'xstate.stop', 'xstate.snapshot.actor.clone']) {
      expect(entryOf({ type })).toBeUndefined();
    }
  });
});

describe('the fold', () => {
  it.each(beside)('is moved nowhere by $type, in any state', (entry) => {
    const run = walkToEnd(['done', transient(), 'done', 'done', 'failed', 'done', permanent()]);
    for (let kept = 1; kept <= run.length; kept += 1) {
      const { steps } = fold(recordsOf([...run.slice(0, kept), entry]));
      expect(steps.at(-1)?.after).toBe(steps.at(-2)?.after);
    }
  });

  it('refuses a step’s end in any state that does not run the step, naming record and state', () => {
    const run = walkToEnd(['done', transient(), 'done', 'done', 'failed', 'done', permanent()]);
    for (let kept = 1; kept <= run.length; kept += 1) {
      const begun = run.slice(0, kept);
      const state = fold(recordsOf(begun)).steps.at(-1)?.after ?? '';
      const impossible = moving.filter(
        ({ type }) => type !== 'task.cancelled' && !isEndIn(state, type) && type !== 'task.accepted',
      );
      for (const entry of impossible) {
        expect(() => fold(recordsOf([...begun, entry]))).toThrow(
          `CW-JOURNAL-CORRUPT: Record ${kept + 1} (${entry.type}) cannot happen in the state ${state}.`,
        );
      }
    }
  });

  it('refuses anything of the machine’s after its end, a cancellation too', () => {
    const cancelled: JournalEntry = { type: 'task.cancelled', data: { by: 'mei', reason: 'late' } };
    for (const run of [walkToEnd([]), walkToEnd([permanent()]), [...walk(['done']), cancelled]]) {
      expect(() => fold(recordsOf([...run, cancelled]))).toThrow(/\(task\.cancelled\) cannot happen in the state/);
    }
  });

  it('reopens only what was released', () => {
    const reopened: JournalEntry = { type: 'task.reopened', data: { delivery } };
    for (const run of [walk([]), walk(['done', transient()]), walkToEnd([]), walkToEnd([permanent()])]) {
      expect(() => fold(recordsOf([...run, reopened]))).toThrow(/\(task\.reopened\) cannot happen in the state/);
    }
  });

  it('refuses a journal with no beginning, and one with two', () => {
    expect(() => fold([])).toThrow('does not begin with task.accepted');
    expect(() => fold(recordsOf([endOf('cloning', 'done')]))).toThrow('does not begin with task.accepted');
    expect(() => stateAfter(accepted())).toThrow('Record 2 (task.accepted) can only be the first');
  });

  it('refuses a kind of record that it does not know, rather than pass over what may matter', () => {
    const newer = { type: 'clone.paused', data: {} } as unknown as JournalEntry; // what a newer worker might write
    expect(() => stateAfter(newer)).toThrow(/^CW-JOURNAL-VERSION: Record 2 is of the kind "clone.paused"/);
  });
});

/** Whether a record of this type ends the step that runs in the state. */
const isEndIn = (state: string, type: string): boolean => {
  const working: readonly string[] = [...workingStates, 'backing-off'];
  return working.includes(state) && endOf(state, 'done').type.split('.')[0] === type.split('.')[0];
};
