// The heartbeat: a message is kept invisible in time, and the work stops before it could become another worker's.
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { leaseSeconds } from '../../src/events/bounds.ts';
import { coded } from '../../src/events/failure.ts';
import { Lease } from '../../src/worker/lease.ts';
import type { Origin } from '../../src/worker/own-task.ts';
import { virtualClock } from '../support/tasks/virtual-clock.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
type Answer = 'kept' | 'stale' | 'down';

/** A lease whose heartbeats are answered in turn, the last answer for ever; `beats` are the seconds at which they came. */
async function leaseWith(answers: Answer[], origin?: Origin) {
  const clock = virtualClock();
  const beats: { second: number; receipt: string; seconds: number }[] = [];
  const unused = (): Promise<never> => Promise.reject(new Error('not used by a lease'));
  const queue = {
    receive: unused,
    delete: unused,
    park: unused,
    send: unused,
    async extend(receipt: string, seconds: number) {
      beats.push({ second: clock.elapsed() / 1000, receipt, seconds });
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer === 'down') throw coded('CW-QUEUE-UNAVAILABLE', 'The queue does not answer.');
      return answer === 'kept';
    },
  };
  const lease = new Lease({ queue, clock, log: pino({ level: 'silent' }), settings: { leaseSeconds } }, 'r-1', origin);
  const kept = lease.keep();
  await turn();
  return { clock, beats, lease, kept };
}

describe('a lease', () => {
  it('is prolonged at a third of its length, for its whole length', async () => {
    const { clock, beats, lease, kept } = await leaseWith(['kept']);
    for (let beat = 0; beat < 40; beat += 1) await clock.next();
    expect(beats.map(({ second }) => second)).toEqual(
      Array.from({ length: 41 }, (_, beat) => (beat * leaseSeconds) / 3),
    );
    expect(new Set(beats.map(({ seconds }) => seconds))).toEqual(new Set([leaseSeconds]));
    expect([lease.lost.aborted, lease.isHeld]).toEqual([false, true]);
    lease.stop();
    await kept;
    expect(lease.lost.aborted).toBe(false);
  });

  it.each(['down', 'stale'] as const)(
    'that cannot be kept (%s) stops the work before the message is anybody’s',
    async (answer) => {
      const { clock, lease } = await leaseWith(['kept', answer]);
      while (!lease.lost.aborted) await clock.next();
      const lostAfterSeconds = clock.elapsed() / 1000;
      expect(lostAfterSeconds).toBeLessThan(leaseSeconds);
      expect(lostAfterSeconds).toBeGreaterThan(leaseSeconds / 2);
      expect(lease.lost.reason).toMatchObject({ failure: { code: 'CW-QUEUE-UNAVAILABLE' } });
    },
  );

  it('is tried for sooner after a heartbeat that failed, and goes on when the queue is back', async () => {
    const { clock, beats, lease, kept } = await leaseWith(['kept', 'down', 'down', 'down', 'kept']);
    for (let beat = 0; beat < 8; beat += 1) await clock.next();
    expect(lease.lost.aborted).toBe(false);
    expect(beats.map(({ second }) => second)).toEqual([0, 100, 120, 140, 160, 260, 360, 460, 560]);
    lease.stop();
    await kept;
  });

  it('goes on with the receipt that was adopted', async () => {
    const { clock, beats, lease, kept } = await leaseWith(['kept', 'stale', 'kept']);
    await clock.next();
    expect(lease.isHeld).toBe(false);
    lease.adopt('r-2');
    await turn();
    expect([lease.isHeld, lease.receiptHandle]).toEqual([true, 'r-2']);
    for (let beat = 0; beat < 10; beat += 1) await clock.next();
    expect(lease.lost.aborted).toBe(false);
    expect(new Set(beats.slice(2).map(({ receipt }) => receipt))).toEqual(new Set(['r-2']));
    lease.stop();
    await kept;
  });

  it('that was inherited ends at once when the queue says that it is stale, also after it could not say so', async () => {
    const { clock, lease } = await leaseWith(['down', 'stale'], 'inherited');
    expect([lease.lost.aborted, lease.isStale]).toEqual([false, false]);
    await clock.next();
    expect([lease.lost.aborted, lease.isStale]).toEqual([true, true]);
    expect(clock.elapsed() / 1000).toBeLessThan(leaseSeconds / 3);
  });

  it('that was inherited is as good as any other once the queue has confirmed it, or it was replaced', async () => {
    const { clock, lease } = await leaseWith(['kept', 'stale'], 'inherited');
    await clock.next();
    expect([lease.lost.aborted, lease.isStale]).toEqual([false, true]);
    lease.adopt('r-2');
    expect([lease.lost.aborted, lease.isStale]).toEqual([false, false]);
  });
});
