// How the machine counts: tries of a step, waits, fixes, and the time that all of it took.
import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../src/events/journal-record.ts';
import { workingStates } from '../../src/machines/task-context.ts';
import { fold, stateName } from '../../src/machines/fold.ts';
import {
  changed,
  cloned,
  commentTask,
  delivery,
  instant,
  issueTask,
  limits,
  permanent,
  transient,
  verified,
} from '../support/tasks/facts.ts';
import { after, endOf, recordsOf, stateAfter, walk, type Ending } from '../support/tasks/walk.ts';

const outage = [transient(), 'done'] as const; // the step fails, the wait ends
const threeOutages: Ending[] = [...outage, ...outage, ...outage];
const snapshotOf = (endings: readonly Ending[], task = issueTask) =>
  fold(recordsOf(walk(endings, task), task)).snapshot;

/** What leads to each working state. */
const wayTo: Record<(typeof workingStates)[number], Ending[]> = {
  cloning: [],
  generating: ['done'],
  'testing-pass': ['done', 'done'],
  verifying: ['done', 'done', 'done'],
  fixing: ['done', 'done', 'done', 'failed'],
  publishing: ['done', 'done', 'done', 'done'],
  reporting: [permanent()],
};

describe.each(workingStates)('a transient failure in %s', (state) => {
  it('is waited out and the same step repeated, three times', () => {
    const endings: Ending[] = [...wayTo[state]];
    for (const tries of [1, 2, 3]) {
      endings.push(transient());
      expect(stateName(snapshotOf(endings))).toBe('backing-off');
      endings.push('done');
      expect(stateName(snapshotOf(endings))).toBe(state);
      expect(snapshotOf(endings).context.retries).toBe(tries);
    }
  });

  it('hands the task back to the queue after the third repetition', () => {
    const { context, value } = snapshotOf([...wayTo[state], ...threeOutages, transient()]);
    expect(value).toBe('released');
    expect(context.setback).toMatchObject({ step: state, failure: { code: 'CW-GIT-NETWORK' } });
  });

  it('goes on at this step when the message comes back, with all repetitions ahead of it', () => {
    const reopened: JournalEntry = { type: 'task.reopened', data: { delivery } };
    const entries = [...walk([...wayTo[state], ...threeOutages, transient()]), reopened];
    const before = fold(recordsOf(entries.slice(0, -1))).snapshot.context;
    const { context, value } = fold(recordsOf(entries)).snapshot;
    expect(value).toBe(state);
    expect(context.retries).toBe(0);
    const { retries: _, ...kept } = before;
    expect(context).toMatchObject(kept);
  });

  it('does not use up the repetitions of the next step', () => {
    expect(snapshotOf([...wayTo[state], ...threeOutages, 'done']).context.retries).toBe(0);
    expect(snapshotOf([...wayTo[state], ...threeOutages, 'done']).context.setback).toBeUndefined();
  });
});

it('begins the report of a permanent failure with repetitions of its own', () => {
  expect(stateName(snapshotOf([...threeOutages, permanent()]))).toBe('reporting');
  expect(stateName(snapshotOf([...threeOutages, permanent(), transient()]))).toBe('backing-off');
});

it('hands a task back whose failure cannot be reported, and never ends it in silence', () => {
  const { value, context } = snapshotOf([permanent(), permanent()]);
  expect(value).toBe('released');
  expect(context.setback?.step).toBe('reporting');
});

it('does not count a fix twice that was repeated after an outage', () => {
  expect(snapshotOf([...wayTo.fixing, ...outage, ...outage, 'done']).context.fixes).toBe(1);
});

it('counts three fixes and four verifications, then reports the last failure', () => {
  const endings: Ending[] = [...wayTo.fixing, 'done', 'failed', 'done', 'failed', 'done', 'failed'];
  const entries = walk(endings);
  expect(entries.filter(({ type }) => type === 'verify.failed')).toHaveLength(4);
  expect(entries.filter(({ type }) => type === 'fix.done')).toHaveLength(3);
  const { value, context } = snapshotOf(endings);
  expect(value).toBe('reporting');
  expect(context).toMatchObject({ fixes: 3, failure: { code: 'CW-VERIFY-TEST', evidence: { command: 'npm test' } } });
});

it('publishes what offers nothing to verify, and says so in the context', () => {
  const { value, context } = after(
    { type: 'clone.done', data: cloned() },
    { type: 'generate.done', data: changed() },
    { type: 'tests.done', data: changed() },
    { type: 'verify.unverified', data: verified('unverified') },
  );
  expect(value).toBe('publishing');
  expect(context.verification?.verdict).toBe('unverified');
});

describe('the wait after a transient failure', () => {
  const wakeAfter = (retryAfterMs?: number): number | undefined =>
    (snapshotOf([transient(retryAfterMs === undefined ? {} : { retryAfterMs })]).context.setback?.wakeAt ?? 0) -
    instant;

  it('is the fixed one when the server asks for none, or for less', () => {
    expect(wakeAfter()).toBe(limits.retryWaitMs);
    expect(wakeAfter(1)).toBe(limits.retryWaitMs);
  });

  it('is the server’s when it asks for more', () => expect(wakeAfter(60_000)).toBe(60_000));

  it('never exceeds the bound, whatever the server asks for', () => {
    expect(wakeAfter(Number.MAX_SAFE_INTEGER)).toBe(limits.retryWaitMaxMs);
  });

  it('ends in the queue’s hands if it ever fails itself', () => {
    const snapshot = snapshotOf([transient(), permanent()]);
    expect([snapshot.value, snapshot.status]).toEqual(['released', 'done']);
    expect(snapshot.context.setback?.step).toBe('cloning');
  });
});

it('adds up the time of steps, waits and failed tries', () => {
  const { context } = after(
    { type: 'clone.failed', data: { ...transient(), durationMs: 3 } },
    { type: 'wait.done', data: { durationMs: 40 } },
    { type: 'clone.done', data: cloned(500) },
    { type: 'generate.done', data: changed(6000) },
    { type: 'tests.failed', data: { ...permanent(), durationMs: 70_000 } },
  );
  expect(context.spentMs).toBe(76_543);
});

it('takes a comment task through the states of an issue’s', () => {
  for (const endings of [...Object.values(wayTo), [...threeOutages, transient()]]) {
    expect(stateName(fold(recordsOf(walk(endings, commentTask), commentTask)).snapshot)).toBe(
      stateName(snapshotOf(endings)),
    );
  }
});

it('gives each step what the steps before it found', () => {
  const fixing = fold(recordsOf(walk(wayTo.fixing))).snapshot.children['fix'];
  expect(JSON.parse(JSON.stringify(fixing?.getPersistedSnapshot()))).toMatchObject({
    input: {
      task: issueTask,
      clone: cloned(),
      change: changed(),
      verification: verified('failed'),
      fixes: 1,
      spentMs: 40,
    },
  });
});

it('is told of an end only in the state that runs the step', () => {
  expect(() => stateAfter(endOf('publishing', 'done'))).toThrow(/Record 2 \(publish\.done\).*cloning/);
});
