// How a worker starts by what it finds, for a person beside what was aimed at, and for a program.
import { aimAtMost } from '../aims.ts';
import { median } from '../median.ts';
import type { StartUp } from './measure-start-up.ts';

/** No growth with what has ended, but for what two starts differ by anyway. */
const mostGrowth = 1.1;

/** How much longer the start takes with the most ended tasks than with the fewest: the median of the rounds. */
export function growthOf(cases: readonly StartUp[]): number {
  const ended = cases.filter(({ unfinished }) => unfinished === 0).toSorted((a, b) => a.finished - b.finished);
  const [fewest, most] = [ended[0], ended.at(-1)];
  if (!fewest || !most) throw new Error('There is no start to compare.');
  return median(most.eachMs.map((readyMs, round) => readyMs / (fewest.eachMs[round] ?? Number.NaN)));
}

export function startUpText(cases: readonly StartUp[]): string {
  const growth = growthOf(cases);
  const most = Math.max(...cases.map(({ finished }) => finished));
  return [
    'Start-up, from the start of the process:',
    ...cases.map(({ finished, unfinished, readyMs, residentMiB, openFiles }) => {
      const found = unfinished > 0 ? `${unfinished} unfinished tasks` : `${finished} finished tasks`;
      const ready = unfinished > 0 ? 'to the first step' : 'to the first poll';
      const files = openFiles === undefined ? '' : `, ${openFiles} open files`;
      return `  ${found.padStart(23)}  ${String(Math.round(readyMs)).padStart(5)} ms ${ready}, ${Math.round(residentMiB)} MiB${files}`;
    }),
    `With ${most} finished tasks it takes ${growth.toFixed(2)} times as long as with none; ${aimAtMost(growth, mostGrowth)}`,
    '',
  ].join('\n');
}

/** Milliseconds and MiB, rounded. */
export const startUpFigures = (cases: readonly StartUp[]): Record<string, unknown> => ({
  start_up_growth: Math.round(growthOf(cases) * 1000) / 1000,
  start_up: cases.map(({ finished, unfinished, readyMs, residentMiB, openFiles }) => ({
    finished,
    unfinished,
    [unfinished > 0 ? 'first_step_ms' : 'first_poll_ms']: Math.round(readyMs),
    rss_mb: Math.round(residentMiB),
    ...(openFiles !== undefined && { open_files: openFiles }),
  })),
});
