// The parts of the bench, by the names with which one of them is chosen.
import { runJournalBench } from './journal/run-journal.ts';
import { journalFigures, journalText } from './journal/report-journal.ts';
import { measure } from './measure.ts';
import { jobFigures, jobText } from './report-job.ts';
import { measureStartUp } from './start-up/measure-start-up.ts';
import { startUpFigures, startUpText } from './start-up/report-start-up.ts';
import { openYard, type Yard } from './yard.ts';

export const parts = ['job', 'journal', 'start-up'] as const;
export type Part = (typeof parts)[number];

/** How much is measured: docs/bench.md says what of. */
export type Amounts = { tasks: number; starts: number; pairs: number; finished: number; unfinished: number };

export type Report = {
  /** For a person. */
  text: string;
  /** For a program; no two parts have a key in common. */
  figures: Record<string, unknown>;
};

const say = (what: string): boolean => process.stderr.write(`Measuring ${what} …\n`);

export const measured: Readonly<Record<Part, (amounts: Amounts, signal: AbortSignal) => Promise<Report>>> = {
  job: ({ tasks, starts }, signal) =>
    inYard(`${starts + 1} starts of the worker, then ${tasks + 1} tasks for each side`, async (yard) => {
      const job = await measure(yard, { tasks, starts }, signal);
      return { text: jobText(job), figures: jobFigures(job) };
    }),
  journal: async ({ pairs }, signal) => {
    say(`${pairs + 1} pairs of turns at each of four levels of the journal`);
    const journal = await runJournalBench({ levels: [1, 8, 32, 64], pairs, tasksPerTurn: 64 }, signal);
    return { text: journalText(journal), figures: journalFigures(journal) };
  },
  'start-up': ({ starts, finished, unfinished }, signal) =>
    inYard(`${starts + 1} starts in each of five state directories`, async (yard) => {
      const few = Math.min(1_000, finished);
      const facts = { finished: [0, few, finished], unfinished: [1, unfinished], rounds: starts };
      const cases = await measureStartUp(yard, facts, signal);
      return { text: startUpText(cases), figures: startUpFigures(cases) };
    }),
};

async function inYard(what: string, work: (yard: Yard) => Promise<Report>): Promise<Report> {
  say(what);
  const yard = await openYard();
  try {
    return await work(yard);
  } finally {
    await yard.close();
  }
}
