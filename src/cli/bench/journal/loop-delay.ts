// How long the event loop was blocked while some work ran: what a timer that is due each millisecond waits beyond that.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

export type LoopDelay = { p99Ms: number; maxMs: number };

const resolution = 1;
/** Before its first tick and after its last the monitor sees nothing. */
const tickMs = 3;

export async function delayDuring<T>(work: () => Promise<T>): Promise<{ result: T; delay: LoopDelay }> {
  const histogram = monitorEventLoopDelay({ resolution });
  histogram.enable();
  await sleep(tickMs);
  const result = await work();
  await sleep(tickMs);
  histogram.disable();
  const beyond = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - resolution);
  return { result, delay: { p99Ms: beyond(histogram.percentile(99)), maxMs: beyond(histogram.max) } };
}
