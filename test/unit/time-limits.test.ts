// The task's time limit counts the recorded lengths of its steps; the agent's is handed to the agent.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { expect, it, onTestFinished } from 'vitest';
import type { JournalEntry, JournalRecord } from '../../src/events/journal-record.ts';
import { readJournal } from '../../src/services/journal/read-journal.ts';
import { runTask } from '../../src/worker/run-task.ts';
import type { Runtime } from '../../src/worker/runtime.ts';
import { waitStep } from '../../src/worker/steps/wait.ts';
import { changed, cloned, transient, verified } from '../support/tasks/facts.ts';
import { acceptTask } from '../support/tasks/run-on-journal.ts';
import { scriptedRuntime, type EffectName, type OnEffect } from '../support/tasks/scripted-runtime.ts';

const hour = 3_600_000;

type Facts = { earlier: JournalEntry[]; onEffect?: OnEffect; settings?: Partial<Runtime['settings']> };

/** Runs a task on whose journal these entries stand already; returns the records that follow them, and the effects. */
async function runAfter(facts: Facts): Promise<{ records: JournalRecord[]; effects: EffectName[] }> {
  const { runtime, effects, remove } = await scriptedRuntime(facts.onEffect ? { onEffect: facts.onEffect } : {});
  onTestFinished(remove);
  Object.assign(runtime.settings, facts.settings);
  const journal = await acceptTask(runtime);
  for (const entry of facts.earlier) journal.append(entry);
  await runTask(runtime, journal, new AbortController().signal);
  await journal.close();
  const { records } = readJournal(await readFile(journal.path), journal.path);
  return { records: records.slice(1 + facts.earlier.length), effects };
}

const tooLong = (records: readonly JournalRecord[]): [string, unknown][] =>
  records.map((record) => [record.type, 'code' in record.data ? record.data.code : undefined]);

it('ends a task whose steps took the hour together, without the next step', async () => {
  const { records, effects } = await runAfter({
    earlier: [
      { type: 'clone.failed', data: { ...transient(), durationMs: hour / 4 } },
      { type: 'wait.done', data: { durationMs: hour / 4 } },
      { type: 'clone.done', data: cloned(hour / 2) },
    ],
  });
  expect(tooLong(records)).toEqual([
    ['generate.failed', 'CW-TASK-TIMEOUT'],
    ['report.done', undefined],
  ]);
  expect(effects).toEqual(['comment']);
});

it('lets a task go on that has time left', async () => {
  const { effects } = await runAfter({
    earlier: [
      { type: 'clone.done', data: cloned(hour / 2) },
      { type: 'generate.done', data: changed(hour / 4) },
    ],
  });
  expect(effects.at(-1)).toBe('pull request');
});

it.each([4.1, 0.27])('lets a task of %s minutes run, which are no whole number of milliseconds', async (minutes) => {
  const { effects } = await runAfter({ earlier: [], settings: { taskMs: minutes * 60_000 } });
  expect(Number.isInteger(minutes * 60_000)).toBe(false);
  expect(effects.at(-1)).toBe('pull request');
});

it('names the limit as it was set', async () => {
  const { records } = await runAfter({
    earlier: [{ type: 'clone.done', data: cloned(hour) }],
    settings: { taskMs: 0.4 * 60_000 },
  });
  expect(records[0]).toMatchObject({ data: { message: 'The task took longer than 0.4 minutes.' } });
});

it('stops the step that is running when the time is up', async () => {
  let reason: unknown;
  const { records } = await runAfter({
    earlier: [{ type: 'clone.done', data: cloned(hour - 50) }],
    async onEffect(name, signal) {
      if (name !== 'agent') return;
      await once(signal, 'abort');
      reason = signal.reason;
    },
  });
  expect(tooLong(records)).toEqual([
    ['generate.failed', 'CW-TASK-TIMEOUT'],
    ['report.done', undefined],
  ]);
  expect(reason).toMatchObject({ name: 'TimeoutError' });
});

it('publishes verified work however late it is', async () => {
  const { records } = await runAfter({
    earlier: [
      { type: 'clone.done', data: cloned(hour) },
      { type: 'generate.done', data: changed(hour) },
      { type: 'tests.done', data: changed(hour) },
      { type: 'verify.passed', data: verified('passed', hour) },
    ],
  });
  expect(records.map(({ type }) => type)).toEqual(['publish.done']);
});

it('records how long each step took, whether it ended well or not', async () => {
  const { records } = await runAfter({ earlier: [] });
  for (const { data } of records) expect(data).toHaveProperty('durationMs', expect.any(Number));
  const late = await runAfter({ earlier: [{ type: 'clone.done', data: cloned(hour) }] });
  for (const { data } of late.records) expect(data).toHaveProperty('durationMs', expect.any(Number));
});

it('hands the agent its own limit', async () => {
  const { runtime, remove } = await scriptedRuntime();
  onTestFinished(remove);
  runtime.settings.agentRunMs = 654_321;
  const limits: number[] = [];
  const { agent } = runtime;
  runtime.agent = {
    ...agent,
    run: (request, signal) => {
      limits.push(request.timeLimitMs);
      return agent.run(request, signal);
    },
  };
  const journal = await acceptTask(runtime);
  await runTask(runtime, journal, new AbortController().signal);
  await journal.close();
  expect(limits).toEqual([654_321, 654_321]);
});

it('waits no longer than the longest wait that is meant, though the clock was set back', async () => {
  const { runtime, remove } = await scriptedRuntime({});
  onTestFinished(remove);
  const waits: number[] = [];
  const clock = { ...runtime.clock, now: () => 0, sleep: async (ms: number) => void waits.push(ms) };
  const wait = waitStep({ ...runtime, clock });
  await wait({ until: 24 * hour }, new AbortController().signal);
  await wait({ until: -hour }, new AbortController().signal);
  expect(waits).toEqual([hour / 4, 0]);
});

it('is forgotten with its step: what still follows a limit of an hour is kept for that hour', async () => {
  const limits: AbortController[] = [];
  const steps: AbortSignal[] = [];
  const { runtime, remove } = await scriptedRuntime({ onEffect: (_name, signal) => void steps.push(signal) });
  onTestFinished(remove);
  runtime.clock = {
    ...runtime.clock,
    timeout: () => {
      const limit = new AbortController();
      limits.push(limit);
      return limit.signal;
    },
  };
  const journal = await acceptTask(runtime);
  await runTask(runtime, journal, new AbortController().signal);
  await journal.close();
  expect(limits.length).toBeGreaterThan(3);
  for (const limit of limits) limit.abort();
  expect(steps.filter(({ aborted }) => aborted)).toEqual([]);
});
