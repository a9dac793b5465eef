// A lease that cannot be kept: the work stops while the message is still ours, and goes on from its journal when the message comes again.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { leaseSeconds } from '../../src/events/bounds.ts';
import { coded } from '../../src/events/failure.ts';
import { systemClock } from '../../src/services/clock/clock.ts';
import { readJournal } from '../../src/services/journal/read-journal.ts';
import { take } from '../../src/worker/consume.ts';
import { startQueueScene, type QueueScene } from '../support/tasks/queue-scene.ts';
import { virtualClock } from '../support/tasks/virtual-clock.ts';

const never = new AbortController().signal;
let scene: QueueScene;
beforeAll(async () => {
  scene = await startQueueScene();
});
afterAll(() => scene.close());

test('the work stops before the lease ends, its message is left alone, and the redelivery goes on at the open step', async () => {
  const clock = virtualClock();
  const { taskId } = await scene.send();
  const asked = Promise.withResolvers<void>();
  let stoppedAtMs = Number.POSITIVE_INFINITY;
  const { runtime, effects } = await scene.scripted({
    change: { clock },
    queue: {
      ...scene.queue,
      extend: () => Promise.reject(coded('CW-QUEUE-UNAVAILABLE', 'The queue does not answer.')),
    },
    async onEffect(name, signal) {
      if (name !== 'agent') return;
      asked.resolve();
      await once(signal, 'abort');
      stoppedAtMs = clock.elapsed();
    },
  });
  const taken = take(runtime, new Map(), await scene.receive(), never);
  await asked.promise;
  while (!Number.isFinite(stoppedAtMs)) await clock.next();
  await taken;
  expect(stoppedAtMs).toBeLessThan(leaseSeconds * 1000);
  expect(effects).toEqual(['clone', 'agent']);
  const active = readJournal(await readFile(runtime.state.journal(taskId)), taskId).records;
  expect(active.at(-1)).toMatchObject({ type: 'task.suspended' });
  expect(await scene.sqs.messages()).toMatchObject([{ state: 'leased', receiveCount: 1 }]);

  await scene.sqs.expireLeases();
  const next = await scene.scripted({ root: runtime.state.root });
  await take(next.runtime, new Map(), await scene.receive(), never);
  expect(next.effects[0]).toBe('agent');
  expect(next.effects).not.toContain('clone');
  expect(await runtime.state.findEnded(taskId)).toBeDefined();
  expect(await scene.sqs.messages()).toEqual([]);
});

test('a machine that slept past its lease publishes nothing before its message has come again', async () => {
  let sleptMs = 0;
  const clock = { ...systemClock, now: () => systemClock.now() + sleptMs };
  const { taskId } = await scene.send();
  const { runtime, effects } = await scene.scripted({
    change: { clock },
    onEffect: (name) => {
      if (name === 'verify') sleptMs = 3_600_000;
    },
  });
  await take(runtime, new Map(), await scene.receive(), never);
  expect(effects).toEqual(['clone', 'agent', 'commit', 'agent', 'commit', 'verify']);
  const left = readJournal(await readFile(runtime.state.journal(taskId)), taskId).records;
  expect(left.map(({ type }) => type).slice(-2)).toEqual(['verify.passed', 'task.suspended']);

  await scene.sqs.expireLeases();
  const next = await scene.scripted({ root: runtime.state.root });
  await take(next.runtime, new Map(), await scene.receive(), never);
  expect(next.effects).toEqual(['push', 'pull request', 'dispose']);
  expect(await scene.sqs.messages()).toEqual([]);
});
