// What the journal costs, for a person beside what was aimed at, and for a program.
import { aimAtLeast, aimAtMost } from '../aims.ts';
import type { JournalMeasured, Pace } from './measure-journal.ts';

const aims = { ratio: 0.7, blockedMs: 10 };

export function journalText({ levels, loop }: JournalMeasured): string {
  const alone = levels.find(({ atOnce }) => atOnce === 1);
  const rows = levels.flatMap(({ atOnce, journalled, alone: itself, raw, ratio, aloneRatio }) => [
    `  ${String(atOnce).padStart(2)} at once  whole tasks  ${pace(journalled)}   ratio ${ratio.toFixed(2)}`,
    `              the journal  ${pace(itself)}   ratio ${aloneRatio.toFixed(2)}`,
    `              raw          ${pace(raw)}`,
  ]);
  const delay = ({ p99Ms, maxMs }: { p99Ms: number; maxMs: number }) => `p99 ${ms(p99Ms)}, at most ${ms(maxMs)}`;
  return [
    'The journal, tasks of ten steps that do nothing, beside the same bytes appended and synced without it:',
    '                           step p50     p99   task p50     p99  steps/s',
    ...rows,
    ...(alone
      ? [
          `One at a time the journal does ${alone.aloneRatio.toFixed(2)} of the raw limit; ${aimAtLeast(alone.aloneRatio, aims.ratio)}`,
          `With the machine's transitions, the gate and the log, whole tasks do ${alone.ratio.toFixed(2)} of it.`,
        ]
      : []),
    `Event loop at ${levels.at(-1)?.atOnce ?? 0} at once: blocked ${delay(loop.journalled)}; without the journal ${delay(loop.without)}.`,
    `The journal's own hold on it, a call of append: ${delay(loop.append)}; ${aimAtMost(loop.append.maxMs, aims.blockedMs, ' ms')}`,
    '',
  ].join('\n');
}

/** Milliseconds to the microsecond. The figures of each level are keyed by how many tasks ran at once. */
export function journalFigures({ levels, loop }: JournalMeasured): Record<string, unknown> {
  const alone = levels.find(({ atOnce }) => atOnce === 1) ?? levels[0];
  return {
    journal_ratio: rounded(alone?.aloneRatio ?? 0),
    journal_ratios: byLevel(levels, ({ aloneRatio }) => aloneRatio),
    journalled_task_ratios: byLevel(levels, ({ ratio }) => ratio),
    journal_step_p50_ms: byLevel(levels, ({ journalled }) => journalled.stepP50Ms),
    journal_step_p99_ms: byLevel(levels, ({ journalled }) => journalled.stepP99Ms),
    journal_task_p50_ms: byLevel(levels, ({ journalled }) => journalled.taskP50Ms),
    journal_task_p99_ms: byLevel(levels, ({ journalled }) => journalled.taskP99Ms),
    journal_steps_per_s: byLevel(levels, ({ journalled }) => journalled.stepsPerSecond),
    raw_step_p50_ms: byLevel(levels, ({ raw }) => raw.stepP50Ms),
    raw_step_p99_ms: byLevel(levels, ({ raw }) => raw.stepP99Ms),
    raw_steps_per_s: byLevel(levels, ({ raw }) => raw.stepsPerSecond),
    loop_blocked_max_ms: rounded(loop.journalled.maxMs),
    loop_blocked_p99_ms: rounded(loop.journalled.p99Ms),
    loop_blocked_without_journal_max_ms: rounded(loop.without.maxMs),
    loop_blocked_without_journal_p99_ms: rounded(loop.without.p99Ms),
    journal_append_max_ms: rounded(loop.append.maxMs),
    journal_append_p99_ms: rounded(loop.append.p99Ms),
  };
}

const byLevel = (levels: JournalMeasured['levels'], value: (level: JournalMeasured['levels'][number]) => number) =>
  Object.fromEntries(levels.map((level) => [level.atOnce, rounded(value(level))]));

const pace = ({ stepP50Ms, stepP99Ms, taskP50Ms, taskP99Ms, stepsPerSecond }: Pace): string =>
  [ms(stepP50Ms), ms(stepP99Ms), ms(taskP50Ms), ms(taskP99Ms), String(Math.round(stepsPerSecond))]
    .map((text) => text.padStart(8))
    .join(' ');
const ms = (value: number): string => value.toFixed(2);
const rounded = (value: number): number => Math.round(value * 1000) / 1000;
