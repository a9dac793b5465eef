// The bench of the start-up: that the worker really finds what the case says, and really takes up the first of its unfinished tasks.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { median } from '../../src/cli/bench/median.ts';
import { growthOf, startUpText } from '../../src/cli/bench/start-up/report-start-up.ts';
import { measureStartUp } from '../../src/cli/bench/start-up/measure-start-up.ts';
import { openYard } from '../../src/cli/bench/yard.ts';
import { fold, stateName } from '../../src/machines/fold.ts';
import { readJournal } from '../../src/services/journal/read-journal.ts';

test('each case is what it says: ended tasks with whole journals, unfinished ones of which the first is resumed', async () => {
  const yard = await openYard();
  onTestFinished(yard.close);
  const facts = { finished: [0, 3], unfinished: [2], rounds: 1 };
  const cases = await measureStartUp(yard, facts, new AbortController().signal);
  expect(cases.map(({ finished, unfinished }) => [finished, unfinished])).toEqual([
    [0, 0],
    [3, 0],
    [0, 2],
  ]);
  for (const { readyMs, residentMiB } of cases) {
    expect(readyMs).toBeGreaterThan(0);
    expect(residentMiB).toBeGreaterThan(0);
  }

  const done = join(yard.folder, 'start-up-3-0', 'done');
  const ended = (await readdir(done, { recursive: true })).filter((name) => name.endsWith('.jsonl'));
  expect(ended).toHaveLength(3);
  for (const name of ended) {
    const { records } = readJournal(await readFile(join(done, name)), name);
    expect(name).toContain(records[0]?.task);
    expect(stateName(fold(records).snapshot)).toBe('published');
  }

  const active = join(yard.folder, 'start-up-0-2', 'active');
  const left = (await readdir(active)).filter((name) => name.endsWith('.jsonl')).toSorted();
  expect(left).toHaveLength(2);
  const claims: number[] = [];
  for (const name of left) {
    const { records } = readJournal(await readFile(join(active, name)), name);
    claims.push(records.filter(({ type }) => type === 'task.claimed').length);
  }
  // The killed worker's claim, and for the first task that of the worker that was started.
  expect(claims).toEqual([2, 1]);
});

test('growth is the start with the most ended tasks against that with the fewest, round by round, and more than a tenth is a miss', () => {
  const start = (finished: number, eachMs: number[]) => {
    return { finished, unfinished: 0, readyMs: median(eachMs), eachMs, residentMiB: 80, openFiles: 20 };
  };
  const unfinished = { ...start(0, [9_000, 9_000, 9_000]), unfinished: 5 };
  // The third round was slow for all.
  const flat = [start(0, [400, 500, 900]), start(1_000, [999, 999, 999]), start(100_000, [440, 500, 990]), unfinished];
  expect(growthOf(flat)).toBeCloseTo(1.1);
  expect(startUpText([start(0, [400]), start(100_000, [430])])).toContain('the aim of 1.1 or less is met');
  expect(startUpText([start(0, [400]), start(100_000, [480])])).toContain('missed');
});
