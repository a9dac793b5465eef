// The limits that bind a task are those of the worker that has it now: they come with its claim, and old journals keep their own.
import { expect, it } from 'vitest';
import type { JournalEntry } from '../../src/events/journal-record.ts';
import type { TaskLimits } from '../../src/events/limits.ts';
import { changed, cloned, limits, transient, verified } from '../support/tasks/facts.ts';
import { after } from '../support/tasks/walk.ts';

const claimed = (change?: Partial<TaskLimits>): JournalEntry => {
  const worker = { id: 'w', host: 'h', pid: 1, version: '0' };
  return { type: 'task.claimed', data: { epoch: 2, worker, ...(change && { limits: { ...limits, ...change } }) } };
};
const begun: JournalEntry[] = [
  { type: 'clone.done', data: cloned() },
  { type: 'generate.done', data: changed() },
  { type: 'tests.done', data: changed() },
];
const failed: JournalEntry = { type: 'verify.failed', data: verified('failed') };
const fixed: JournalEntry = { type: 'fix.done', data: changed() };

it('a claim with fewer fixes lets the task end sooner, one with more lets it go on', () => {
  expect(after(...begun, failed, fixed, failed).value).toBe('fixing');
  expect(after(...begun, failed, fixed, claimed({ fixes: 1 }), failed).value).toBe('reporting');
  const spent = [failed, fixed, failed, fixed, failed, fixed];
  expect(after(...begun, ...spent, failed).value).toBe('reporting');
  expect(after(...begun, ...spent, claimed({ fixes: 4 }), failed).value).toBe('fixing');
});

it('a claim moves nothing, and what comes after it waits as it says', () => {
  const { context, value } = after(...begun, claimed({ retries: 1, retryWaitMs: 77_000 }), {
    type: 'verify.errored',
    data: transient(),
  });
  expect(value).toBe('backing-off');
  expect((context.setback?.wakeAt ?? 0) - transient().at).toBe(77_000);
  expect(after(...begun, claimed({ fixes: 0 })).value).toBe('verifying');
});

it('a claim of before limits were recorded with it changes none', () => {
  expect(after(...begun, claimed()).context.limits).toEqual(limits);
});
