// Live actor and fold are one: whatever happens to a task, its journal tells the same run, and goes on from any record to the same end.
import { readFile, writeFile } from 'node:fs/promises';
import { array, assert, asyncProperty, constant, constantFrom, oneof } from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../src/events/journal-record.ts';
import { fold, stateName, type TaskSnapshot } from '../../src/machines/fold.ts';
import { Journal } from '../../src/services/journal/journal.ts';
import { readJournal } from '../../src/services/journal/read-journal.ts';
import { runTask } from '../../src/worker/run-task.ts';
import { issueTask, permanent, transient } from '../support/tasks/facts.ts';
import { acceptTask, journalPath } from '../support/tasks/run-on-journal.ts';
import { endingsLeft, scriptedRuntime, type EffectName, type Scripted } from '../support/tasks/scripted-runtime.ts';
import type { Ending } from '../support/tasks/walk.ts';
import { realMedium } from '../support/real-medium.ts';

const never = new AbortController().signal;
const opened: Scripted[] = [];
afterAll(() => Promise.all(opened.map(({ remove }) => remove())));

const scripted = async (facts: Parameters<typeof scriptedRuntime>[0]): Promise<Scripted> => {
  const made = await scriptedRuntime(facts);
  opened.push(made);
  return made;
};

type Run = { path: string; states: string[]; snapshot: TaskSnapshot; records: JournalRecord[]; effects: EffectName[] };

/** Runs a task to its end on a journal; `from` are the bytes of an earlier run's beginning. */
async function run(endings: readonly Ending[], from?: Buffer): Promise<Run> {
  const earlier = from === undefined ? [] : readJournal(from, 'from').records;
  const { runtime, effects } = await scripted({ endings: endingsLeft(endings, earlier) });
  const path = journalPath(runtime);
  if (from !== undefined) await writeFile(path, from);
  const journal = from === undefined ? await acceptTask(runtime) : await Journal.open(realMedium, path, issueTask.id);
  if (journal === undefined) throw new Error('The journal has no record.');
  const states: string[] = [];
  runtime.observer.onTransition = (_id, snapshot) => states.push(stateName(snapshot));
  const end = await runTask(runtime, journal, never);
  await journal.close();
  if (!end.ended) throw new Error('The task was stopped.');
  return { path, states, snapshot: end.snapshot, records: readJournal(await readFile(path), path).records, effects };
}

const ending = oneof(
  { weight: 4, arbitrary: constantFrom<Ending>('done', 'failed') },
  { weight: 2, arbitrary: constant<Ending>(transient()) },
  { weight: 1, arbitrary: constant<Ending>(permanent()) },
);
const endings = array(ending, { maxLength: 14 });
const typesOf = (records: readonly JournalRecord[]): string[] => records.map(({ type }) => type);
/** Without what is told in instants and lengths of time, which no two runs share. */
const essence = ({ value, status, context }: TaskSnapshot): unknown =>
  JSON.parse(
    JSON.stringify({ value, status, context }, (key, fact: unknown) =>
      /^(at|wakeAt|durationMs|spentMs)$/.test(key) ? 0 : fact,
    ),
  );

describe('a task’s journal', () => {
  it('folds to the states that the live actor went through, record by record', async () => {
    await assert(
      asyncProperty(endings, async (its) => {
        const { states, snapshot, records } = await run(its);
        const folded = fold(records);
        const entered = folded.steps.filter(({ before, after }) => before !== after).map(({ after }) => after);
        expect(entered).toEqual(states);
        const recorded = records.flatMap(({ state }) => state ?? []);
        expect(recorded).toEqual(entered);
        expect(JSON.parse(JSON.stringify(folded.snapshot.context))).toEqual(
          JSON.parse(JSON.stringify(snapshot.context)),
        );
        expect([folded.snapshot.value, folded.snapshot.status]).toEqual([snapshot.value, 'done']);
      }),
      { numRuns: 40 },
    );
  });

  it('leads to the same end from every record on, redoing no step whose end it holds', async () => {
    await assert(
      asyncProperty(endings, async (its) => {
        const whole = await run(its);
        const lines = (await readFile(whole.path, 'utf8')).split('\n');
        for (let kept = 1; kept < lines.length; kept += 1) {
          const resumed = await run(its, Buffer.from(`${lines.slice(0, kept).join('\n')}\n`));
          expect(typesOf(resumed.records)).toEqual(typesOf(whole.records));
          expect(essence(resumed.snapshot)).toEqual(essence(whole.snapshot));
        }
      }),
      { numRuns: 15 },
    );
  });

  it('runs no effect at all once it holds the end', async () => {
    const whole = await run([]);
    const again = await run([], await readFile(whole.path));
    expect(again.effects).toEqual([]);
    expect(again.records).toEqual(whole.records);
  });
});
