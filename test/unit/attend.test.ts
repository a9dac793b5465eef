// What the worker does about the operator's requests for tasks that no slot works on: it ends them without a slot, and without waiting for one.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fold, stateName } from '../../src/machines/fold.ts';
import type { Disk } from '../../src/services/disk/disk.ts';
import { readJournal } from '../../src/services/journal/read-journal.ts';
import type { Queue } from '../../src/services/queue/queue.ts';
import { take } from '../../src/worker/consume.ts';
import { isRequested, requestCancel } from '../../src/worker/requests.ts';
import { StateDirectory } from '../../src/worker/state-directory.ts';
import { serve } from '../../src/worker/worker.ts';
import { realMedium } from '../support/real-medium.ts';
import { transient } from '../support/tasks/facts.ts';
import { startQueueScene, type QueueScene } from '../support/tasks/queue-scene.ts';
import type { EffectName, Scripted } from '../support/tasks/scripted-runtime.ts';
import { until } from '../support/worker-process.ts';

const never = new AbortController().signal;
const request = { by: 'mei', reason: 'enough' };
let scene: QueueScene;
beforeAll(async () => {
  scene = await startQueueScene();
});
afterAll(() => scene.close());

/** A task that was suspended when this effect began. */
async function suspendedAt(effect: EffectName): Promise<{ taskId: string; root: string }> {
  const { taskId } = await scene.send();
  const stop = new AbortController();
  const { runtime } = await scene.scripted({
    async onEffect(name, signal) {
      if (name !== effect) return;
      stop.abort(new Error('SIGTERM'));
      await once(signal, 'abort');
    },
  });
  await take(runtime, new Map(), await scene.receive(), stop.signal);
  return { taskId, root: runtime.state.root };
}

/** Serves with so many slots until `question` answers. */
async function served({ runtime }: Scripted, slots: number, question: () => Promise<true | undefined>): Promise<void> {
  const stop = new AbortController();
  const serving = serve({ ...runtime, settings: { ...runtime.settings, slots } }, stop.signal);
  await until(question, () => 'nothing was done');
  stop.abort(new Error('enough'));
  await serving;
}

async function stateOf({ runtime: { state } }: Scripted, taskId: string): Promise<string> {
  const path = (await state.findEnded(taskId)) ?? state.journal(taskId);
  return stateName(fold(readJournal(await readFile(path), path).records).snapshot);
}

it('a suspended task ends without a slot, its message goes, and the request goes last', async () => {
  const { taskId, root } = await suspendedAt('agent');
  const next = await scene.scripted({ root });
  const { state } = next.runtime;
  await requestCancel(state, taskId, request);
  const seen: boolean[] = [];
  await served(next, 0, async () => {
    const asked = await isRequested(state, taskId);
    if (!asked) seen.push((await state.findEnded(taskId)) !== undefined);
    return asked ? undefined : true;
  });
  expect(seen).toEqual([true]);
  expect(next.effects).toEqual(['dispose']);
  expect(await stateOf(next, taskId)).toBe('cancelled');
  expect(await scene.sqs.messages()).toEqual([]);
});

it('a released task ends without its message having come', async () => {
  const { taskId } = await scene.send();
  const made = await scene.scripted({ endings: ['done', ...Array.from({ length: 4 }, () => transient())] });
  await take(made.runtime, new Map(), await scene.receive(), never);
  expect(await stateOf(made, taskId)).toBe('released');
  await requestCancel(made.runtime.state, taskId, request);
  await served(made, 0, async () => ((await isRequested(made.runtime.state, taskId)) ? undefined : true));
  expect(await stateOf(made, taskId)).toBe('cancelled');
  expect(await scene.sqs.messages()).toEqual([]);
});

it('a request that comes while the queue is asked whose the message is opens no journal a second time', async () => {
  const { taskId, root } = await suspendedAt('agent');
  const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let opened = 0;
  const disk: Disk = {
    ...realMedium.disk,
    open(path) {
      if (basename(path) === `${taskId}.jsonl`) opened += 1;
      return realMedium.disk.open(path);
    },
  };
  const queue: Queue = {
    ...scene.queue,
    async extend(...call) {
      asked.resolve();
      await answer.promise;
      return scene.queue.extend(...call);
    },
  };
  const state = new StateDirectory(root, { ...realMedium, disk });
  const next = await scene.scripted({ root, queue, change: { state } });
  const done = served(next, 1, async () => ((await state.findEnded(taskId)) ? true : undefined));
  await asked.promise;
  await requestCancel(state, taskId, request);
  answer.resolve();
  await done;
  expect(opened).toBe(1);
});

it('a task that was suspended in its publication is left to a slot, which finishes it; the request is dropped then', async () => {
  const { taskId, root } = await suspendedAt('push');
  const next = await scene.scripted({ root });
  await requestCancel(next.runtime.state, taskId, request);
  await served(next, 1, async () => ((await isRequested(next.runtime.state, taskId)) ? undefined : true));
  expect(await stateOf(next, taskId)).toBe('published');
  expect(next.effects).toContain('pull request');
});
