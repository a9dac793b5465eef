// How long the worker waits between two questions to a queue that fails: longer each time, up to a bound, and from the beginning after an answer.
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { coded } from '../../src/events/failure.ts';
import { consume } from '../../src/worker/consume.ts';
import { insist } from '../../src/worker/insist.ts';
import { scriptedRuntime } from '../support/tasks/scripted-runtime.ts';

const grown = [1, 2, 4, 8, 16, 32, 60, 60, 60].map((seconds) => seconds * 1000);
const down = (): Promise<never> => Promise.reject(coded('CW-QUEUE-UNAVAILABLE', 'The queue does not answer.'));
const log = pino({ level: 'silent' });

/** A clock on which waits are over at once and written down; the `stopAfter`-th one stops the worker. */
function recordingClock(stopAfter: number) {
  const waits: number[] = [];
  const stop = new AbortController();
  const clock = {
    now: () => 0,
    elapsed: () => 0,
    sleep: async (ms: number): Promise<void> => {
      waits.push(ms);
      if (waits.length === stopAfter) stop.abort(new Error('stopped'));
    },
    timeout: (ms: number) => AbortSignal.timeout(ms),
  };
  return { clock, waits, signal: stop.signal };
}

test('a poll that fails is tried again after 1 s, then after twice as long each time, up to a minute', async () => {
  const { clock, waits, signal } = recordingClock(grown.length);
  const { runtime, remove } = await scriptedRuntime({ change: { clock } });
  await consume({ ...runtime, queue: { ...runtime.queue, receive: down } }, new Map(), signal);
  expect(waits).toEqual(grown);
  await remove();
});

test('an answer ends the outage: the next failure waits 1 s again', async () => {
  const { clock, waits, signal } = recordingClock(4);
  const { runtime, remove } = await scriptedRuntime({ change: { clock } });
  const answers = [down, down, () => Promise.resolve(undefined)];
  const receive = (): Promise<undefined> => (answers.shift() ?? down)();
  await consume({ ...runtime, queue: { ...runtime.queue, receive } }, new Map(), signal);
  expect(waits).toEqual([1000, 2000, 1000, 2000]);
  await remove();
});

test('what is owed to the queue is asked for as patiently, until the worker stops', async () => {
  const { clock, waits, signal } = recordingClock(grown.length);
  await expect(insist({ clock, log }, down, signal)).rejects.toThrow('CW-QUEUE-UNAVAILABLE');
  expect(waits).toEqual(grown);
});

test('a defect is not repeated', async () => {
  const { clock, waits, signal } = recordingClock(1);
  const broken = (): Promise<never> => Promise.reject(new TypeError('a defect'));
  await expect(insist({ clock, log }, broken, signal)).rejects.toThrow('a defect');
  expect(waits).toEqual([]);
});
