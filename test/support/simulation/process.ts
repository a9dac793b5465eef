// One life of the worker's process. Once it is killed, none of its calls ever returns; while its machine sleeps, none returns yet.
import type { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';

/** What a process and its machine have in common. */
export type Host = {
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** Simulated time until which nothing runs here. */
  frozenUntil: number;
  /** Called at each call of a port: where faults strike. */
  onCall: (process: SimulatedProcess) => void;
};

export class SimulatedProcess {
  isAlive = true;
  readonly host: Host;

  constructor(host: Host) {
    this.host = host;
  }

  kill(): void {
    this.isAlive = false;
  }

  /** Runs `run` in this process after `delayMs` of simulated time, unless it is dead by then. */
  later(delayMs: number, run: () => void): void {
    const { scheduler, random } = this.host;
    scheduler.after(delayMs, () => {
      if (!this.isAlive) return;
      const sleepMs = this.host.frozenUntil - scheduler.now;
      // What became due in its sleep is done at the waking, in no certain order.
      if (sleepMs > 0) this.later(sleepMs + random.between(0, 5), run);
      else run();
    });
  }

  /** A call to something on the same machine: it takes its time, and happens at one instant or not at all. */
  local<T>(delayMs: number, effect: () => T, signal?: AbortSignal): Promise<T> {
    return this.call(signal, ({ resolve, reject }) => {
      this.later(delayMs, () => {
        if (signal?.aborted) return;
        attempt(effect, resolve, reject);
      });
    });
  }

  /** Begins a call, and lets faults strike first: a process that dies of them never hears of it. An abort rejects it at once. */
  call<T>(signal: AbortSignal | undefined, begin: (answer: Answer<T>) => void): Promise<T> {
    this.host.onCall(this);
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    if (!this.isAlive) return promise;
    if (signal?.aborted === true) {
      reject(signal.reason);
      return promise;
    }
    const stop = (): void => reject(signal?.reason);
    signal?.addEventListener('abort', stop, { once: true });
    // A signal lives longer than a call.
    const forget = (): void => signal?.removeEventListener('abort', stop);
    begin({
      resolve: (value) => {
        forget();
        resolve(value);
      },
      reject: (reason) => {
        forget();
        reject(reason);
      },
    });
    return promise;
  }
}

export type Answer<T> = { resolve: (value: T) => void; reject: (reason: unknown) => void };

export function attempt<T>(effect: () => T, resolve: (value: T) => void, reject: (reason: unknown) => void): void {
  try {
    resolve(effect());
  } catch (error) {
    reject(error);
  }
}
