// SQS takes a message back 12 h after its receive, whatever is beaten: long before, its task goes on with a message sent anew.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { handoverAfterMs, handoverLatestMs } from '../../src/events/bounds.ts';
import { coded } from '../../src/events/failure.ts';
import { parseTaskMessage } from '../../src/events/task-message.ts';
import { taskOf } from '../../src/events/task.ts';
import { systemClock, type Clock } from '../../src/services/clock/clock.ts';
import { nodeDisk } from '../../src/services/disk/node-disk.ts';
import { readJournal } from '../../src/services/journal/read-journal.ts';
import type { Queue } from '../../src/services/queue/queue.ts';
import { take } from '../../src/worker/consume.ts';
import { StateDirectory } from '../../src/worker/state-directory.ts';
import { startQueueScene, type QueueScene } from '../support/tasks/queue-scene.ts';
import type { OnEffect } from '../support/tasks/scripted-runtime.ts';
import { virtualClock } from '../support/tasks/virtual-clock.ts';

const never = new AbortController().signal;
let scene: QueueScene;
beforeAll(async () => {
  scene = await startQueueScene();
});
afterEach(() => scene.empty());
afterAll(() => scene.close());

/** Old two minutes later. */
const nearlyOldMs = handoverAfterMs - 60_000;

type Facts = { onEffect?: OnEffect; queue?: Partial<Queue>; clock?: Clock };

/** A task whose message was received this long ago; `go` runs it until it stops, `again` takes the next message, with nothing in its way. */
async function agedTask(ageMs: number, { onEffect, queue = {}, clock: given = systemClock }: Facts = {}) {
  let aheadMs = 0;
  const clock = { ...given, now: () => given.now() + aheadMs };
  let earlierMs = ageMs;
  const { taskId } = await scene.send();
  const { runtime, effects } = await scene.scripted({
    queue: { ...scene.queue, ...queue },
    change: { clock },
    onEffect: async (name, signal) => {
      // From the first effect on, records are of now.
      earlierMs = 0;
      await onEffect?.(name, signal);
    },
  });
  runtime.state = new StateDirectory(runtime.state.root, { disk: nodeDisk, now: () => clock.now() - earlierMs });
  const delivery = await scene.receive();
  scene.sqs.pass(ageMs);
  const records = async () => {
    const path = (await runtime.state.findEnded(taskId)) ?? runtime.state.journal(taskId);
    return readJournal(await readFile(path), taskId).records;
  };
  return {
    /** Two minutes pass at once. */
    laterOn: () => void (aheadMs += 120_000),
    effects,
    taskId,
    delivery,
    go: (signal = never) => take(runtime, new Map(), delivery, signal),
    async again() {
      effects.length = 0;
      const next = await scene.scripted({ root: runtime.state.root });
      await take(next.runtime, new Map(), await scene.receive(), never);
      effects.push(...next.effects);
    },
    types: async () => (await records()).map(({ type }) => type),
    records,
  };
}

test('a task stops between two steps when its message is old, and goes on at the next one with a message of its own', async () => {
  const task = await agedTask(nearlyOldMs, {
    async onEffect(name) {
      if (name === 'clone') task.laterOn();
    },
  });
  await task.go();
  expect(task.effects).toEqual(['clone']);
  expect((await task.types()).slice(-3)).toEqual(['clone.done', 'task.suspended', 'message.renewed']);
  const [sent, ...more] = await scene.sqs.messages();
  expect(more).toEqual([]);
  expect(sent).toMatchObject({ state: 'ready', receiveCount: 0 });
  expect(sent?.messageId).not.toBe(task.delivery.messageId);
  expect((await task.records()).at(-1)?.data).toEqual({ messageId: sent?.messageId });
  expect(taskOf(parseTaskMessage(sent?.body ?? '')).id).toBe(task.taskId);

  await task.again();
  expect(task.effects[0]).toBe('agent');
  expect(await task.types()).toContain('lease.adopted');
  expect((await task.types()).at(-1)).toBe('message.settled');
  expect(await scene.sqs.messages()).toEqual([]);
});

test('a task that is resumed with an old message does nothing before it has a new one', async () => {
  const task = await agedTask(handoverAfterMs);
  await task.go();
  expect(task.effects).toEqual([]);
  expect((await task.types()).slice(-2)).toEqual(['task.suspended', 'message.renewed']);
});

test('a message that is not old yet is kept to the end', async () => {
  const task = await agedTask(nearlyOldMs);
  await task.go();
  expect(await task.types()).not.toContain('message.renewed');
  expect((await task.types()).at(-1)).toBe('message.settled');
});

test('a step that takes too long is stopped in its midst, and is done again with the new message', async () => {
  const clock = virtualClock();
  const task = await agedTask(nearlyOldMs, {
    clock,
    // At once, so that a beat is never open when the clock moves on.
    queue: { extend: async () => true },
    async onEffect(name, signal) {
      if (name !== 'clone') return;
      while (!signal.aborted) await clock.next();
    },
  });
  await task.go();
  expect(clock.elapsed()).toBeCloseTo(handoverLatestMs - nearlyOldMs, -3);
  expect((await task.types()).slice(-3)).toEqual(['task.claimed', 'task.suspended', 'message.renewed']);
  await task.again();
  expect(task.effects.slice(0, 2)).toEqual(['clone', 'agent']);
  expect(await scene.sqs.messages()).toEqual([]);
});

test('a message that is no longer ours is not sent anew: the queue delivers it again, and it is young then', async () => {
  const task = await agedTask(handoverAfterMs, { queue: { extend: async () => false } });
  await task.go();
  expect((await task.types()).at(-1)).toBe('task.suspended');
  await scene.sqs.expireLeases();
  await task.again();
  expect(await task.types()).not.toContain('message.renewed');
  expect((await task.types()).at(-1)).toBe('message.settled');
});

test('killed before the old message is deleted, two messages of one task end in one run', async () => {
  const task = await agedTask(handoverAfterMs, {
    queue: { delete: () => Promise.reject(coded('CW-QUEUE-UNAVAILABLE', 'cut off')) },
  });
  await task.go();
  expect((await task.types()).at(-1)).toBe('message.renewed');
  expect(await scene.sqs.messages()).toHaveLength(2);
  await scene.sqs.expireLeases();
  await task.again();
  expect((await task.types()).at(-1)).toBe('message.settled');
  const records = await task.records();
  await task.again();
  expect(task.effects).toEqual([]);
  expect(await task.records()).toEqual(records);
  expect(await scene.sqs.messages()).toEqual([]);
});

test('when the queue does not take the new message, the old one comes again and the task goes on', async () => {
  const task = await agedTask(handoverAfterMs, {
    queue: { send: () => Promise.reject(coded('CW-QUEUE-UNAVAILABLE', 'The queue does not answer.')) },
  });
  await task.go();
  expect((await task.types()).at(-1)).toBe('task.suspended');
  expect(await scene.sqs.messages()).toMatchObject([{ messageId: task.delivery.messageId, state: 'leased' }]);
  await scene.sqs.expireLeases();
  await task.again();
  expect((await task.types()).at(-1)).toBe('message.settled');
});

test('a worker that is asked to stop keeps the old message for the next one', async () => {
  const stop = new AbortController();
  const task = await agedTask(nearlyOldMs, {
    async onEffect(_name, signal) {
      task.laterOn();
      stop.abort(new Error('SIGTERM'));
      if (!signal.aborted) await once(signal, 'abort');
    },
  });
  await task.go(stop.signal);
  expect((await task.records()).at(-1)).toMatchObject({ type: 'task.suspended', data: { reason: 'SIGTERM' } });
  expect(await scene.sqs.messages()).toMatchObject([{ messageId: task.delivery.messageId, state: 'leased' }]);
});
