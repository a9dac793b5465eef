// What an earlier worker left is taken up one task a slot: a thousand unfinished tasks are not a thousand open files.
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Disk } from '../../src/services/disk/disk.ts';
import type { Queue } from '../../src/services/queue/queue.ts';
import { take } from '../../src/worker/consume.ts';
import { StateDirectory } from '../../src/worker/state-directory.ts';
import { serve } from '../../src/worker/worker.ts';
import { startQueueScene, type QueueScene } from '../support/tasks/queue-scene.ts';
import { realMedium } from '../support/real-medium.ts';
import { until } from '../support/worker-process.ts';

let scene: QueueScene;
beforeAll(async () => {
  scene = await startQueueScene();
});
afterAll(() => scene.close());

/** A disk that knows how many of its journals are open, and how many were at most. */
function countingDisk(disk: Disk): { disk: Disk; most: () => number } {
  let open = 0;
  let most = 0;
  const counted = async (path: string, opening: ReturnType<Disk['open']>): ReturnType<Disk['open']> => {
    const file = await opening;
    if (!path.endsWith('.jsonl')) return file;
    open += 1;
    most = Math.max(most, open);
    return {
      ...file,
      close: async () => {
        open -= 1;
        await file.close();
      },
    };
  };
  const counting = {
    ...disk,
    create: (path: string) => counted(path, disk.create(path)),
    open: (path: string) => counted(path, disk.open(path)),
  };
  return { disk: counting, most: () => most };
}

it('the journals of unfinished tasks are opened when a slot takes them, and all are taken before a new message is asked for', async () => {
  let root: string | undefined;
  const ids: string[] = [];
  for (let number = 0; number < 5; number += 1) {
    const { taskId } = await scene.send();
    ids.push(taskId);
    const stop = new AbortController();
    const { runtime } = await scene.scripted({
      ...(root !== undefined && { root }),
      async onEffect(name, signal) {
        if (name !== 'agent') return;
        stop.abort(new Error('SIGTERM'));
        await once(signal, 'abort');
      },
    });
    root = runtime.state.root;
    await take(runtime, new Map(), await scene.receive(), stop.signal);
  }
  if (root === undefined) throw new Error('Nothing was suspended.');
  const counting = countingDisk(realMedium.disk);
  const state = new StateDirectory(root, { ...realMedium, disk: counting.disk });
  expect(await state.activeTasks()).toEqual(ids.toSorted());

  const leftAtPoll: number[] = [];
  const queue: Queue = {
    ...scene.queue,
    async receive(...call) {
      leftAtPoll.push((await state.activeTasks()).length);
      return scene.queue.receive(...call);
    },
  };
  const { runtime } = await scene.scripted({ root, queue, change: { state } });
  const stop = new AbortController();
  const serving = serve({ ...runtime, settings: { ...runtime.settings, slots: 2 } }, stop.signal);
  await until(
    async () => ((await state.activeTasks()).length === 0 ? true : undefined),
    () => 'some task was not finished',
  );
  stop.abort(new Error('enough'));
  await serving;
  for (const id of ids) expect(await state.findEnded(id)).toBeDefined();
  expect(counting.most()).toBe(2);
  // The other slot's, at most: it is being finished.
  expect(Math.max(...leftAtPoll)).toBeLessThan(2);
});
