// The port to time: what it is, how long something took, and waiting.
import { setTimeout as sleep } from 'node:timers/promises';

export type Clock = {
  /** Epoch milliseconds, for records and for instants that others know. */
  now(): number;
  /** Milliseconds that only ever grow and stand still while the machine sleeps, for durations. */
  elapsed(): number;
  /** Waits `ms` milliseconds; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: async (ms, signal) => {
    try {
      await sleep(ms, undefined, { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  },
};
