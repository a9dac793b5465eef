// The figures of a soak for a person, and for a program.
import type { SiteFigures } from './last-look.ts';
import type { AtRest } from './site-run.ts';
import type { SoakFigures } from './soak.ts';

const mib = (value: number): string => `${value.toFixed(1)} MiB`;
const kib = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`;
const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

export function reportText(figures: SoakFigures): string {
  const { seed, slots, minutes, ended, failures, troubles, passed, sites, broken } = figures;
  const lines = [
    `Seed ${seed}, ${minutes.toFixed(1)} minutes, two workers of ${slots} slots each.`,
    '',
    `Tasks: ${sites.reduce((sum, { tasks }) => sum + tasks, 0)} sent; ${listed(ended)}`,
    `Failures in the journals: ${listed(failures)}`,
    `Faults: ${listed(troubles)}`,
    `Messages that came back early: ${passed.returned}; redriven from the dead-letter queue: ${passed.redriven}`,
    ...sites.flatMap(siteLines),
    '',
    broken.length === 0 ? 'No rule was broken, and nothing grew.' : `${broken.length} rules were broken:`,
    ...broken.map((problem) => `  ${problem}`),
  ];
  return `${lines.join('\n')}\n`;
}

function siteLines({ name, tasks, fresh, warm, end, highestMiB, growth, disk }: SiteFigures): string[] {
  const what = name === 'steady' ? 'lived through it all' : 'killed and stopped again and again';
  const each = Math.max(1, tasks);
  const atRest = (when: string, rest: AtRest): string =>
    `  at rest ${when} (${rest.tasks} tasks): memory ${mib(rest.memoryMiB)}, live heap ${mib(rest.liveHeapMiB)}, open files ${rest.openFiles}, processes beside it ${rest.processes}`;
  return [
    '',
    `The worker "${name}", ${what}:`,
    atRest('at first', fresh),
    atRest('after the warm-up', warm),
    atRest('at the end', end),
    `  highest memory at work ${mib(highestMiB)}`,
    ...Object.entries(growth ?? {}).map(
      ([of, { first, last, bound, highest }]) =>
        `  at work, ${of}: ${first.toFixed(1)} in the first fifth, ${last.toFixed(1)} in the last (bound ${bound.toFixed(1)}, highest ${highest.toFixed(1)})`,
    ),
    `  disk a task: journals and what lies beside them ${kib(disk.journals / each)}, log ${kib(disk.logs / each)}; left anywhere else: ${disk.leftovers.length}`,
  ];
}

/** One line. */
export const reportJson = (figures: SoakFigures): string => JSON.stringify(figures);
