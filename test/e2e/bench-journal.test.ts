// The bench of the journal: that both sides write the same, that the journalled one is a whole run of the machine, and that its figures fit together.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { acceptedOnDisk, closed, withoutJournal } from '../../src/cli/bench/journal/accepted.ts';
import { aloneTurn } from '../../src/cli/bench/journal/alone.ts';
import { journalledTurn } from '../../src/cli/bench/journal/journalled.ts';
import { delayDuring } from '../../src/cli/bench/journal/loop-delay.ts';
import { measureJournal } from '../../src/cli/bench/journal/measure-journal.ts';
import { rawTurn } from '../../src/cli/bench/journal/raw.ts';
import { quantile } from '../../src/cli/bench/median.ts';
import { fold, stateName } from '../../src/machines/fold.ts';
import { readJournal } from '../../src/services/journal/read-journal.ts';
import { scriptedRuntime } from '../support/tasks/scripted-runtime.ts';

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'codingworker-bench-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test('a journalled task is a whole run of ten steps, each with its record on disk', async () => {
  const { runtime } = await scriptedRuntime({ root: await newFolder() });
  const journals = await acceptedOnDisk(runtime.state, 2);
  const turn = await journalledTurn(runtime, journals, 2);
  for (const { path } of journals) {
    const { records } = readJournal(await readFile(path), path);
    expect(records.map(({ type }) => type)).toEqual([
      'task.accepted',
      'clone.done',
      'generate.done',
      'tests.done',
      'verify.failed',
      'fix.done',
      'verify.failed',
      'fix.done',
      'verify.failed',
      'fix.failed',
      'report.done',
    ]);
    expect(stateName(fold(records).snapshot)).toBe('failed-permanent');
  }
  expect(turn.stepMs).toHaveLength(20);
  expect(turn.taskMs).toHaveLength(2);
  const records = journals[0]?.records ?? [];
  const lines = await closed(journals);
  expect(lines).toHaveLength(11);
  expect(await readdir(join(runtime.state.root, 'active'))).toEqual([]);

  // The journal alone writes these records, too.
  const alone = await aloneTurn(runtime.state, records, 2, 2);
  expect(alone.stepMs).toHaveLength(20);

  // The other side does the same number of steps with these bytes; what it is compared with leaves the disk alone.
  const raw = await rawTurn(runtime.state.root, lines, 2, 2);
  expect(raw.stepMs).toHaveLength(20);
  const idle = await journalledTurn(runtime, withoutJournal(runtime.state.root, 2), 2);
  expect(idle.stepMs).toHaveLength(20);
  expect(await readdir(join(runtime.state.root, 'active'))).toEqual([]);
});

test('a task that goes another way than the bench means is no measurement', async () => {
  const { runtime } = await scriptedRuntime({ root: await newFolder() });
  const [journal] = await acceptedOnDisk(runtime.state, 1);
  if (!journal) throw new Error('There is no journal.');
  journal.append({ type: 'task.cancelled', data: { by: 'mei', reason: 'enough' } });
  await expect(journalledTurn(runtime, [journal], 1)).rejects.toThrow('0 steps');
  await journal.close();
});

test('its figures fit together', async () => {
  const signal = new AbortController().signal;
  const facts = { levels: [1, 3], pairs: 2, tasksPerTurn: 2 };
  const { levels, loop } = await measureJournal(await newFolder(), facts, signal);
  expect(levels.map(({ atOnce }) => atOnce)).toEqual([1, 3]);
  for (const { journalled, alone, raw, ratio, aloneRatio } of levels) {
    for (const side of [journalled, alone, raw]) {
      expect(side.stepP50Ms).toBeGreaterThan(0);
      expect(side.stepP99Ms).toBeGreaterThanOrEqual(side.stepP50Ms);
      expect(side.taskP50Ms).toBeGreaterThan(side.stepP50Ms);
      expect(side.taskP99Ms).toBeGreaterThanOrEqual(side.taskP50Ms);
    }
    expect(ratio).toBeGreaterThan(0);
    expect(aloneRatio).toBeGreaterThan(0);
  }
  expect(loop.append.p99Ms).toBeGreaterThan(0);
  expect(loop.append.maxMs).toBeGreaterThanOrEqual(loop.append.p99Ms);
  expect(loop.journalled.maxMs).toBeGreaterThanOrEqual(loop.journalled.p99Ms);
});

test('a blocked event loop is seen, and how long', async () => {
  const blockMs = 50;
  const { delay } = await delayDuring(async () => {
    for (const until = performance.now() + blockMs; performance.now() < until;);
  });
  expect(delay.maxMs).toBeGreaterThan(blockMs * 0.9);
});

test('a part is not exceeded by its share', () => {
  expect(quantile([5, 1, 4, 2, 3], 0.99)).toBe(5);
  expect(quantile([4, 1, 2, 3], 0.5)).toBe(2);
  expect(() => quantile([], 0.5)).toThrow('nothing');
});
