// The points at which a worker is struck: before and after each of its calls that change the world. They are named, so that they can be struck again.
import { appendFileSync } from 'node:fs';
import { z } from 'zod';

/** What a struck worker is told by its environment. */
const orders = z.object({
  /** File that takes the name of every point that is passed, a line each. */
  log: z.string(),
  /** The signal that the worker sends itself at a point; not set: the points are only written down. */
  strike: z
    .object({
      signal: z.enum(['SIGKILL', 'SIGTERM', 'SIGSTOP']),
      /** A point's name, or how many points are passed until then, or all of them. */
      at: z.union([z.string(), z.int().positive(), z.literal(true)]),
    })
    .optional(),
  /** Instead of the bound that the shipped worker has. */
  leaseSeconds: z.int().positive().optional(),
  /** How far the worker's clock is ahead of the others, as if the time had passed. */
  aheadMs: z.int().positive().optional(),
});
export type Orders = z.output<typeof orders>;

const variable = 'CODINGWORKER_CRASH_ORDERS';

export const ordersToEnvironment = (given: Orders): Record<string, string> => ({ [variable]: JSON.stringify(given) });
export const ordersFrom = (environment: NodeJS.ProcessEnv): Orders =>
  orders.parse(JSON.parse(environment[variable] ?? '{}'));

/** Runs a call that changes the world and passes its two points. */
export type Around = <Result>(call: string, work: () => Promise<Result>) => Promise<Result>;

/** Counts the calls by name: a heartbeat more or less must not rename what comes after it. */
export function strikingAt({ log, strike }: Orders): Around {
  const calls = new Map<string, number>();
  let passed = 0;
  const reach = (point: string): void => {
    passed += 1;
    appendFileSync(log, `${point}\n`);
    if (strike !== undefined && [point, passed, true].includes(strike.at)) process.kill(process.pid, strike.signal);
  };
  return async (call, work) => {
    const times = (calls.get(call) ?? 0) + 1;
    calls.set(call, times);
    const name = times === 1 ? call : `${call} (${times})`;
    reach(`before ${name}`);
    try {
      return await work();
    } finally {
      reach(`after ${name}`);
    }
  };
}

/**
 * The points of a recorded run that can be told apart from outside. The end of one call and the beginning of the next are one: between
 * them the worker changes nothing but its own memory. What a sync changes shows only when the power fails, and no signal does that. What
 * comes after the task's end belongs to the next task.
 */
export function distinctPoints(passed: readonly string[]): string[] {
  const own = passed.filter((point) => !/^\w+ sync | queue\.receive \(\d+\)$/.test(point));
  return own.filter((point, index) => point.startsWith('after ') || !own[index - 1]?.startsWith('after '));
}
