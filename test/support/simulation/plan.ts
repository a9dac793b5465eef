// What a seed stands for: how many workers and tasks, which faults may strike, and how often.
import type { DiskFaults } from './disk-faults.ts';
import type { LabourChances } from './labour.ts';
import type { NetworkFaults } from './network.ts';
import type { QueueFaults } from './queue.ts';
import type { Random } from './random.ts';

/** What may happen to a machine or to its surroundings at any call of a port. */
export const strikes = [
  'kill',
  'power-loss',
  'terminate',
  'pause',
  'machine-sleep',
  'clock-back',
  'clock-on',
  'workspace-vanishes',
  'partition',
  'disk-full',
  'people-push',
  'people-merge',
] as const;
export type Strike = (typeof strikes)[number];

/** How often each of them struck. */
export type StrikeCount = Record<Strike, number>;

export const noStrikes = (): StrikeCount => Object.fromEntries(strikes.map((strike) => [strike, 0])) as StrikeCount; // each of them is a key

export type Plan = {
  machines: number;
  tasks: number;
  /** Slots of each worker. */
  slots: number;
  /** Simulated milliseconds after which nothing fails any more. */
  faultsEndAt: number;
  /** Probability that a call of a port is struck, and by what. */
  strike: number;
  strikes: readonly Strike[];
  network: Omit<NetworkFaults, 'isCut'>;
  disk: Omit<DiskFaults, 'isFull'>;
  queue: QueueFaults;
  /** Probabilities that GitHub answers 5xx before and after the effect. */
  serverError: number;
  labour: LabourChances;
};

/** Some kinds of fault are absent from each run, so that the others are seen alone and together. */
export function planOf(random: Random): Plan {
  const perhaps = (probability: number, most: number): number =>
    random.chance(probability) ? random.next() ** 2 * most : 0;
  return {
    machines: random.chance(0.35) ? 2 : 1,
    tasks: random.whole(1, 2),
    slots: random.pick([1, 1, 2]),
    faultsEndAt: random.between(5, 90) * 60_000,
    strike: perhaps(0.85, 0.06),
    strikes: strikes.filter(() => random.chance(0.5)),
    network: { lostBefore: perhaps(0.5, 0.15), lostAfter: perhaps(0.5, 0.15), slow: perhaps(0.4, 0.2) },
    disk: { error: perhaps(0.3, 0.03), shortWrite: perhaps(0.3, 0.3) },
    queue: { duplicate: perhaps(0.3, 0.5), resurrect: perhaps(0.3, 0.8) },
    serverError: perhaps(0.4, 0.2),
    labour: { transient: perhaps(0.4, 0.4), permanent: perhaps(0.4, 0.3), pass: random.pick([1, 0.7, 0.4, 0]) },
  };
}

/** Everything works from now on, so that what can end does. */
export function calm(plan: Plan): void {
  plan.strike = 0;
  Object.assign(plan.network, { lostBefore: 0, lostAfter: 0, slow: 0 });
  Object.assign(plan.disk, { error: 0, shortWrite: 0 });
  Object.assign(plan.queue, { duplicate: 0, resurrect: 0 });
  plan.serverError = 0;
  plan.labour.transient = 0;
}
