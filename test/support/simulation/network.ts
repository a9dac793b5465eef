// One request over a simulated network: it may never arrive, its answer may never come back, and either may take long.
import { attempt, type SimulatedProcess } from './process.ts';

export type Service = 'queue' | 'forge' | 'git';

export type NetworkFaults = {
  /** Probabilities for one request. */
  lostBefore: number;
  lostAfter: number;
  slow: number;
  /** Whether the machine cannot reach the service now. */
  isCut: (service: Service) => boolean;
};

export type Line = {
  service: Service;
  faults: NetworkFaults;
  /** Longest time until a slow answer, in milliseconds. */
  slowMaxMs: number;
  /** What the port throws when no answer came. */
  unavailable: () => Error;
};

/** The way of a request takes no longer than this, so that one sent by a killed process has landed when the next one starts. */
export const wayMaxMs = 150;

/** `effect` happens at the service at one instant, whatever has become of who asked for it. */
export function request<T>(
  process: SimulatedProcess,
  { service, faults, slowMaxMs, unavailable }: Line,
  effect: () => T,
  signal: AbortSignal,
): Promise<T> {
  const { random, scheduler } = process.host;
  return process.call<T>(signal, ({ resolve, reject }) => {
    const fail = (): void => process.later(random.between(50, 5_000), () => reject(unavailable()));
    if (faults.isCut(service) || random.chance(faults.lostBefore)) {
      fail();
      return;
    }
    scheduler.after(random.between(5, wayMaxMs), () => {
      let answer = (): void => {};
      attempt(
        effect,
        (value) => (answer = () => resolve(value)),
        (error) => (answer = () => reject(error)),
      );
      if (faults.isCut(service) || random.chance(faults.lostAfter)) fail();
      else
        process.later(
          random.chance(faults.slow) ? random.between(1_000, slowMaxMs) : random.between(5, wayMaxMs),
          answer,
        );
    });
  });
}
