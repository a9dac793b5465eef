// The worker is killed once at each record of a run with one fix, and started again: the task ends once, and no finished agent run is repeated.
import { expect, test } from 'vitest';
import type { JournalEntryType, JournalRecord } from '../../src/events/journal-record.ts';
import { expectNothingLeft, expectOneEnding } from '../support/one-ending.ts';
import { workScene } from '../support/work-scene.ts';

const run: readonly JournalEntryType[] = [
  'task.accepted',
  'task.claimed',
  'clone.done',
  'generate.done',
  'tests.done',
  'verify.failed',
  'fix.done',
  'verify.passed',
  'publish.done',
  'message.settled',
];

const steps = run.slice(2, -1);

test.each(run)('killed when %s is on disk, it ends in one pull request all the same', async (type) => {
  const scene = await workScene();
  const filed = await scene.file('greeter');
  const first = scene.start();
  await scene.send(filed.text);
  const before = await scene.recorded(filed.taskId, type);
  await first.stop('SIGKILL');

  const second = scene.start();
  const records = await expectOneEnding(scene, filed, 'published');
  expect(stepsOf(records)).toEqual(steps);
  expect(records.slice(0, before.length)).toEqual(before);
  const starts = await scene.agent.starts(filed.taskId);
  for (const pass of passesDone(before)) expect(starts.filter((each) => each === pass)).toEqual([pass]);
  expect(new Set(starts)).toEqual(new Set(['generate', 'tests', 'fix-1']));
  expect(starts.length).toBeLessThanOrEqual(4);
  expect(await second.stop('SIGTERM')).toBe(0);
  await expectNothingLeft(scene);
});

/** What happened to the task itself: each step ended once, however often the worker was started. */
const stepsOf = (records: readonly JournalRecord[]): string[] =>
  records.map(({ type }) => type).filter((type) => /^(clone|generate|tests|verify|fix|publish)/.test(type));

const passOf: Partial<Record<JournalEntryType, string>> = {
  'generate.done': 'generate',
  'tests.done': 'tests',
  'fix.done': 'fix-1',
};
const passesDone = (records: readonly JournalRecord[]): string[] => records.flatMap(({ type }) => passOf[type] ?? []);
