// The journal's cost: journalled tasks and the raw limit in turn, at one and at many tasks at once, and what the event loop feels of it.
import { join } from 'node:path';
import { scriptedRuntime } from '../../../../test/support/tasks/scripted-runtime.ts';
import { openLog } from '../../../log.ts';
import type { Runtime } from '../../../worker/runtime.ts';
import { median, quantile } from '../median.ts';
import { acceptedOnDisk, closed, withoutJournal } from './accepted.ts';
import { aloneTurn } from './alone.ts';
import { journalledTurn, type JournalledTurn } from './journalled.ts';
import { delayDuring, type LoopDelay } from './loop-delay.ts';
import { rawTurn } from './raw.ts';
import { stepsOfTask } from './ten-steps.ts';
import type { Turn } from './turn.ts';

export type Pace = {
  stepP50Ms: number;
  stepP99Ms: number;
  taskP50Ms: number;
  taskP99Ms: number;
  stepsPerSecond: number;
};

export type JournalLevel = {
  /** Tasks at once. */
  atOnce: number;
  journalled: Pace;
  /** The journal without the machine, the gate and the log. */
  alone: Pace;
  raw: Pace;
  /** Medians over the rounds of turns of steps a second, by raw ones: of whole tasks, and of the journal alone. */
  ratio: number;
  aloneRatio: number;
};

export type JournalMeasured = {
  levels: JournalLevel[];
  /** At the most tasks at once; `append` is what single calls of the journal's `append` took. */
  loop: { journalled: LoopDelay; without: LoopDelay; append: LoopDelay };
};

export type JournalFacts = {
  /** How many tasks at once; the last level is that at which the event loop is watched. */
  levels: readonly number[];
  /** Pairs of turns at each level. */
  pairs: number;
  /** At least; as many as there are at once. */
  tasksPerTurn: number;
};

/** Works in the folder `root`, on its file system. */
export async function measureJournal(root: string, facts: JournalFacts, signal: AbortSignal): Promise<JournalMeasured> {
  const { runtime } = await scriptedRuntime({ root });
  const log = await openLog({ level: 'info', folder: runtime.state.logs, mask: (text) => text });
  const journalling = { ...runtime, log };
  const levels: JournalLevel[] = [];
  for (const atOnce of facts.levels) levels.push(await measureLevel(journalling, atOnce, facts, signal));
  return { levels, loop: await measureLoop(journalling, facts, signal) };
}

async function measureLevel(
  runtime: Runtime,
  atOnce: number,
  { pairs, tasksPerTurn }: JournalFacts,
  signal: AbortSignal,
): Promise<JournalLevel> {
  const count = Math.max(tasksPerTurn, atOnce);
  const seen: { journalled: Turn; alone: Turn; raw: Turn }[] = [];
  for (let pair = 0; pair <= pairs; pair += 1) {
    signal.throwIfAborted();
    const { turn: journalled, records, lines } = await onDisk(runtime, count, atOnce);
    const alone = await aloneTurn(runtime.state, records, count, atOnce);
    const raw = await rawTurn(join(runtime.state.root, 'active'), lines, count, atOnce);
    // The first round warms up what Node compiles.
    if (pair > 0) seen.push({ journalled, alone, raw });
  }
  return {
    atOnce,
    journalled: paceOf(seen.map(({ journalled }) => journalled)),
    alone: paceOf(seen.map(({ alone }) => alone)),
    raw: paceOf(seen.map(({ raw }) => raw)),
    ratio: median(seen.map(({ journalled, raw }) => raw.wallMs / journalled.wallMs)),
    aloneRatio: median(seen.map(({ alone, raw }) => raw.wallMs / alone.wallMs)),
  };
}

async function onDisk(runtime: Runtime, count: number, atOnce: number) {
  const journals = await acceptedOnDisk(runtime.state, count);
  const turn = await journalledTurn(runtime, journals, atOnce);
  const records = journals[0]?.records ?? [];
  return { turn, records, lines: await closed(journals) };
}

function paceOf(turns: readonly Turn[]): Pace {
  const [stepMs, taskMs] = [turns.flatMap((turn) => turn.stepMs), turns.flatMap((turn) => turn.taskMs)];
  return {
    stepP50Ms: median(stepMs),
    stepP99Ms: quantile(stepMs, 0.99),
    taskP50Ms: median(taskMs),
    taskP99Ms: quantile(taskMs, 0.99),
    stepsPerSecond: median(turns.map((turn) => (turn.taskMs.length * stepsOfTask * 1000) / turn.wallMs)),
  };
}

async function measureLoop(
  runtime: Runtime,
  { levels, pairs, tasksPerTurn }: JournalFacts,
  signal: AbortSignal,
): Promise<JournalMeasured['loop']> {
  const atOnce = levels.at(-1) ?? 1;
  const count = Math.max(tasksPerTurn, atOnce);
  const delays: { journalled: LoopDelay; without: LoopDelay; turn: JournalledTurn }[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    signal.throwIfAborted();
    const journals = await acceptedOnDisk(runtime.state, count);
    const { result, delay } = await delayDuring(() => journalledTurn(runtime, journals, atOnce));
    await closed(journals);
    const idle = withoutJournal(runtime.state.root, count);
    const { delay: without } = await delayDuring(() => journalledTurn(runtime, idle, atOnce));
    delays.push({ journalled: delay, without, turn: result });
  }
  const worst = (side: LoopDelay[]): LoopDelay => ({
    p99Ms: median(side.map(({ p99Ms }) => p99Ms)),
    maxMs: Math.max(...side.map(({ maxMs }) => maxMs)),
  });
  const appendMs = delays.flatMap(({ turn }) => turn.appendMs);
  return {
    journalled: worst(delays.map(({ journalled }) => journalled)),
    without: worst(delays.map(({ without }) => without)),
    append: { p99Ms: quantile(appendMs, 0.99), maxMs: quantile(appendMs, 1) },
  };
}
