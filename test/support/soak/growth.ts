// Whether a worker that lives through the whole run takes more and more. Compares the first fifth of its readings with the last, by their medians.
import { median } from '../../../src/cli/bench/median.ts';
import type { Reading } from './readings.ts';

/** Modules are loaded and caches filled in the first tasks: so much of a run is not compared. */
export const warmUpShare = 0.1;
/** Fewer readings in a fifth than this tell chance from growth no more. */
const fifthMin = 12;
/** What V8 keeps of its heap between two collections swings by more than this even without load; a leak of 1 kB a task would pass it in a day. */
const memorySlackMiB = 10;
const memoryFactor = 1.1;
/** Of any moment: a socket to SQS, one to GitHub, a journal and two pipes of a program, for each slot. */
const openFilesASlot = 5;

export type Trend = { first: number; last: number; bound: number; highest: number };
export type Growth = { memoryMiB: Trend; openFiles: Trend; processes: Trend };

/** Undefined when there are too few readings to compare. */
export function growthOf(readings: readonly Reading[], slots: number): Growth | undefined {
  const warm = readings.slice(Math.ceil(readings.length * warmUpShare));
  const fifth = Math.floor(warm.length / 5);
  if (fifth < fifthMin) return undefined;
  const trend = (value: (reading: Reading) => number, bound: (first: number) => number): Trend => {
    const values = warm.map(value);
    const first = median(values.slice(0, fifth));
    return { first, last: median(values.slice(-fifth)), bound: bound(first), highest: Math.max(...values) };
  };
  return {
    memoryMiB: trend(
      ({ memoryMiB }) => memoryMiB,
      (first) => first * memoryFactor + memorySlackMiB,
    ),
    openFiles: trend(
      ({ openFiles }) => openFiles,
      (first) => first + openFilesASlot * slots,
    ),
    // An agent with its shell and child, and git with its helpers.
    processes: trend(
      ({ processes }) => processes,
      (first) => first + openFilesASlot * slots,
    ),
  };
}

/** Code that is compiled when it has run often enough (V8), and time limits that are kept until they would have passed. */
const heapSlackMiB = 4;
/** A third of what a task's journal holds: less than anything of a task that would be kept. */
const heapMaxKiBATask = 2;

/** Of two looks at a worker at rest. In words, if its heap holds more for every task that it has done. */
export function heapGrown(before: HeapAtRest, after: HeapAtRest): string[] {
  const bound = before.liveHeapMiB + heapSlackMiB + ((after.tasks - before.tasks) * heapMaxKiBATask) / 1024;
  if (after.liveHeapMiB <= bound) return [];
  const [from, to] = [before.liveHeapMiB.toFixed(2), after.liveHeapMiB.toFixed(2)];
  return [
    `the heap grew from ${from} to ${to} MiB in ${after.tasks - before.tasks} tasks, more than ${bound.toFixed(2)}`,
  ];
}

type HeapAtRest = { liveHeapMiB: number; tasks: number };

/** In words, what passed its bound. */
export function grown(growth: Growth): string[] {
  return Object.entries(growth).flatMap(([name, { first, last, bound }]) =>
    last <= bound ? [] : [`${name} grew from ${first.toFixed(1)} to ${last.toFixed(1)}, more than ${bound.toFixed(1)}`],
  );
}
