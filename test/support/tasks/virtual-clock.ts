// A clock that stands still until a test moves it: for rules about minutes and hours, none of which is waited for.
import type { Clock } from '../../../src/services/clock/clock.ts';

export type VirtualClock = Clock & {
  /** Moves on to the next instant at which somebody wakes up, wakes them, and lets them run. Returns how far that was, in milliseconds. */
  next(): Promise<number>;
};

type Sleeper = { until: number; wake: () => void };

export function virtualClock(start = Date.UTC(2026, 10, 1)): VirtualClock {
  let now = start;
  let sleepers: Sleeper[] = [];
  return {
    now: () => now,
    elapsed: () => now - start,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const sleeper = { until: now + ms, wake: resolve };
        sleepers.push(sleeper);
        signal.addEventListener('abort', () => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          reject(signal.reason as Error); // an aborted sleep rejects with the reason, whatever it is
        });
      }),
    timeout: (ms) => AbortSignal.timeout(ms),
    async next() {
      const until = Math.min(...sleepers.map((sleeper) => sleeper.until));
      if (!Number.isFinite(until)) throw new Error('Nobody sleeps.');
      const passed = until - now;
      now = until;
      const woken = sleepers.filter((sleeper) => sleeper.until === until);
      sleepers = sleepers.filter((sleeper) => sleeper.until !== until);
      for (const { wake } of woken) wake();
      // All that follows from it without a wait of its own has happened after a turn of the event loop.
      await new Promise((resolve) => setImmediate(resolve));
      return passed;
    },
  };
}
