// A sample of the crash test: the worker is struck at the points where a second try would show, and at some others; `npm run crashtest` strikes it at all.
import { expect, test } from 'vitest';
import { crashTest } from '../support/crash/crash-test.ts';
import type { Strike } from '../support/crash/plan.ts';
import { toldAlone } from '../support/crash/results.ts';

const onlyRisky = Number.POSITIVE_INFINITY;
/** Dozens of workers are started, on a machine that runs other tests beside. */
const patienceMs = 15 * 60_000;

const samples: readonly [rule: string, strike: Strike, paths: string[], stride: number][] = [
  ['killed, it is taken up again and ends once', 'kill', ['one-fix', 'hopeless', 'comment'], 30],
  ['killed and killed again, it ends once all the same', 'kill-again', ['transient-then-success'], 30],
  ['asked to stop, it is kept, and the next worker ends it', 'suspend', ['one-fix'], onlyRisky],
  ['paused past its lease, it is ended by another worker, and once', 'pause', ['success', 'hopeless'], onlyRisky],
  ['at work, its state directory is nobody else’s', 'second', ['comment'], onlyRisky],
];

test.each(samples)(
  '%s',
  async (_, strike, paths, stride) => {
    const results = await crashTest({ strikes: [strike], paths, stride, atOnce: 3 });
    expect(results.length).toBeGreaterThan(0);
    const found = results.flatMap((result) =>
      result.violations.map(({ rule, what }) => `${rule}: ${what}\n${toldAlone(result)}`),
    );
    expect(found).toEqual([]);
  },
  patienceMs,
);
