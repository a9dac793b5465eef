// The clock port of one process: its machine's time of day may jump, its elapsed time stands still while the machine sleeps.
import type { Clock } from '../../../src/services/clock/clock.ts';
import type { SimulatedProcess } from './process.ts';

/** A machine's two clocks, in milliseconds beside simulated time. */
export type MachineTime = { wallOffset: number; slept: number };

/** Epoch milliseconds at which every simulation begins. */
export const simulationEpoch = Date.UTC(2026, 10, 1);

export function clockPort(time: MachineTime, process: SimulatedProcess): Clock {
  const { scheduler } = process.host;
  return {
    now: () => simulationEpoch + Math.floor(scheduler.now + time.wallOffset),
    elapsed: () => scheduler.now - time.slept,
    sleep: (ms, signal) =>
      process.call<void>(signal, ({ resolve }) => {
        const began = { at: scheduler.now, wallOffset: time.wallOffset };
        // A time of day that was set on is seen at the next look, as the system clock sees it.
        const look = (leftMs: number): void => {
          process.later(Math.min(leftMs, lookEveryMs), () => {
            if (signal.aborted) return;
            const passed = scheduler.now - began.at;
            const left = ms - Math.max(passed, passed + time.wallOffset - began.wallOffset);
            if (left > 0) look(Math.ceil(left));
            else resolve();
          });
        };
        look(ms);
      }),
    timeout: (ms) => {
      const controller = new AbortController();
      process.later(ms, () => controller.abort(new DOMException('The operation timed out.', 'TimeoutError')));
      return controller.signal;
    },
  };
}

/** Coarser than the system clock's second, to spare events. */
const lookEveryMs = 60_000;
