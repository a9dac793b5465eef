// What was measured, for a person beside what was aimed at, and for a program as one line of JSON.
import { aimAtMost } from './aims.ts';
import type { Measured } from './measure.ts';

/** The aims; what misses one is said. */
const aims = { ratio: 1.1, idleMiB: 90, firstPollMs: 500 };

export function jobText(measured: Measured): string {
  const {
    pairs,
    ratio,
    workerMs,
    scriptMs,
    overheadMs,
    idleMiB,
    busyMiB,
    afterwardsMiB,
    firstPollMs,
    coldFirstPollMs,
  } = measured;
  const ratios = pairs.map((pair) => pair.workerMs / pair.scriptMs);
  const span = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`;
  return [
    `One task, medians of ${pairs.length}: worker ${ms(workerMs)}, script ${ms(scriptMs)}; pair by pair the worker takes ${ms(overheadMs)} more.`,
    `Ratio pair by pair: ${ratio.toFixed(2)} (${span}); ${aimAtMost(ratio, aims.ratio)}`,
    `First poll: ${ms(firstPollMs)} after start (${ms(coldFirstPollMs)} the first time); ${aimAtMost(firstPollMs, aims.firstPollMs, ' ms')}`,
    `Memory: idle ${mib(idleMiB)}; ${aimAtMost(idleMiB, aims.idleMiB, ' MiB')}`,
    `        busy ${mib(busyMiB)}, idle after the tasks ${mib(afterwardsMiB)}`,
    '',
  ].join('\n');
}

/** Milliseconds and MiB, rounded. */
export const jobFigures = (measured: Measured): Record<string, number> => ({
  ratio: Math.round(measured.ratio * 1000) / 1000,
  worker_ms: Math.round(measured.workerMs),
  overhead_ms: Math.round(measured.overheadMs),
  script_ms: Math.round(measured.scriptMs),
  rss_idle_mb: Math.round(measured.idleMiB),
  rss_busy_mb: Math.round(measured.busyMiB),
  rss_idle_after_mb: Math.round(measured.afterwardsMiB),
  first_poll_ms: Math.round(measured.firstPollMs),
  first_poll_cold_ms: Math.round(measured.coldFirstPollMs),
  tasks: measured.pairs.length,
});

const ms = (value: number): string => `${Math.round(value)} ms`;
const mib = (value: number): string => `${Math.round(value)} MiB`;
