// `npm run replay -- <task id or file>`: folds a journal through today's machine and prints the run. Reads only; runs no effect.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { JournalRecord } from '../events/journal-record.ts';
import { replayed, type Replayed } from '../machines/replay-fold.ts';
import { lineText, replayHeading, replayLine, replayText, type ReplayLine } from '../machines/replay.ts';
import { readJournal } from '../services/journal/read-journal.ts';
import { diffText } from './replay/diff.ts';
import { findJournal } from './replay/find-journal.ts';
import { follow } from './replay/follow.ts';
import { runCommand } from './run-command.ts';
import { stopWithReader } from './stop-on-signals.ts';

type Options = { json?: true; until?: number; follow?: true; diff?: string };

await runCommand(async () => {
  const command = new Command('npm run replay --')
    .description('Prints what happened in a task, from its journal.')
    .argument('<task>', 'a task id, or a journal file')
    .option('--json', 'one JSON object a line for each event')
    .option('--until <seq>', 'stop after this event', wholeNumber)
    .option('--follow', 'go on as a running task goes on, to its end')
    .addOption(new Option('--diff <other>', 'say where the run of <other> and that of <task> part').conflicts('follow'))
    .parse();
  const options = command.opts<Options>();
  const task = command.args[0] ?? '';
  if (options.diff !== undefined) await showDiff(options.diff, task, options);
  else if (options.follow) await showAsItComes(task, options);
  else await show(task, options);
});

async function show(task: string, options: Options): Promise<void> {
  const { records, note } = await readRecords(task, options);
  const { steps, problem } = replayed(records);
  const lines = steps.map(replayLine);
  process.stdout.write(options.json ? asJson(lines) : replayText(records, lines));
  process.stderr.write(note);
  if (problem) throw problem;
}

async function showAsItComes(task: string, options: Options): Promise<void> {
  const stop = new AbortController();
  stopWithReader(stop);
  let printed = 0;
  let problem: Replayed['problem'];
  const print = (all: readonly JournalRecord[]): boolean => {
    const records = untilGiven(all, options);
    const run = replayed(records);
    const lines = run.steps.slice(printed).map(replayLine);
    if (printed === 0 && !options.json) process.stdout.write(replayHeading(records));
    process.stdout.write(options.json ? asJson(lines) : lines.map((line) => lineText(line, typeWidth())).join(''));
    printed = run.steps.length;
    problem = run.problem;
    return records.length >= (options.until ?? Number.POSITIVE_INFINITY);
  };
  try {
    await follow(await findJournal(task), print, stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  }
  if (problem) throw problem;
}

/** Exit status 1 when the runs part, as `diff` has it. */
async function showDiff(first: string, second: string, options: Options): Promise<void> {
  const [a, b] = await Promise.all([readRecords(first, options), readRecords(second, options)]);
  const [left, right] = [replayed(a.records), replayed(b.records)];
  const { text, part } = diffText(left.steps, right.steps, options.json === true);
  process.stdout.write(text);
  const problem = left.problem ?? right.problem;
  if (problem) throw problem;
  if (part) process.exitCode = 1;
}

async function readRecords(task: string, options: Options): Promise<{ records: JournalRecord[]; note: string }> {
  const path = await findJournal(task);
  const { records, torn, completed } = readJournal(await readFile(path), basename(path));
  // A last record that lacks only its end counts: the worker will take it for whole, too.
  const whole = completed ? [...records, completed] : records;
  const shown = untilGiven(whole, options);
  if (torn.length === 0 || shown.length < whole.length) return { records: shown, note: '' };
  const note = completed
    ? 'The last record lacks its end; the worker will repair it.\n'
    : `${torn.length} bytes of an unfinished record follow; the worker will cut them off.\n`;
  return { records: shown, note };
}

function untilGiven(records: readonly JournalRecord[], { until }: Options): JournalRecord[] {
  return records.filter(({ seq }) => seq <= (until ?? Number.POSITIVE_INFINITY));
}

// Functions, not constants: the command above runs while this file is being evaluated.
function asJson(lines: readonly ReplayLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** Room for the longest type there is, `verify.unverified`: what will come is not known yet. */
function typeWidth(): number {
  return 17;
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1.');
  return Number(text);
}
