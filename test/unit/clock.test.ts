// Waiting: by the timer while the machine is awake, by the time of day when it slept in between.
import { afterEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/services/clock/clock.ts';

const hourMs = 3_600_000;
const never = new AbortController().signal;

afterEach(() => {
  vi.useRealTimers();
});

/** Only the time of day is ours; timers go on as they do. */
function ownTimeOfDay(): Date {
  vi.useFakeTimers({ toFake: ['Date'] });
  const now = new Date('2026-03-02T06:00:00Z');
  vi.setSystemTime(now);
  return now;
}

test('a wait is over when the machine wakes up after it', async () => {
  const now = ownTimeOfDay();
  const waiting = systemClock.sleep(hourMs, never);
  vi.setSystemTime(now.getTime() + hourMs);
  await waiting;
  expect(systemClock.now()).toBe(now.getTime() + hourMs);
});

test('a time of day that is set back prolongs no wait', async () => {
  const now = ownTimeOfDay();
  const waiting = systemClock.sleep(20, never);
  vi.setSystemTime(now.getTime() - hourMs);
  await waiting;
  expect(systemClock.now()).toBeLessThan(now.getTime());
});

test('an abort ends a wait with the signal’s reason, whenever it comes', async () => {
  const stop = new AbortController();
  const waiting = systemClock.sleep(hourMs, stop.signal);
  const reason = new Error('stopped');
  stop.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  await expect(systemClock.sleep(hourMs, stop.signal)).rejects.toBe(reason);
  await expect(systemClock.sleep(0, stop.signal)).rejects.toBe(reason);
});
