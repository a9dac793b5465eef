// The port to time: what it is, how long something took, and waiting.
import { setTimeout as sleep } from 'node:timers/promises';
import { clockLookMs } from '../../events/bounds.ts';

export type Clock = {
  /** Epoch milliseconds, for records and for instants that others know. */
  now(): number;
  /** Milliseconds that only ever grow and stand still while the machine sleeps, for durations. */
  elapsed(): number;
  /** Waits `ms` milliseconds, the machine's sleep included; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** A signal that is aborted with a `TimeoutError` after `ms` whole milliseconds, and keeps no process alive. */
  timeout(ms: number): AbortSignal;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: async (ms, signal) => {
    const began = performance.now();
    const beganAt = Date.now();
    // Whichever clock says more: the time of day may also be set back.
    const left = (): number => ms - Math.max(performance.now() - began, Date.now() - beganAt);
    try {
      for (let leftMs = ms; leftMs > 0; leftMs = left()) {
        await sleep(Math.min(Math.ceil(leftMs), clockLookMs), undefined, { signal });
      }
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
    signal.throwIfAborted();
  },
  timeout: (ms) => AbortSignal.timeout(ms),
};
