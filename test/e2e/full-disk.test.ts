// A disk that is really full, under a real worker: it takes no work and says so once, loses nothing of what it was doing, and goes on by itself.
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { failureCodes } from '../support/endings.ts';
import { expectOneEnding } from '../support/one-ending.ts';
import { lacksMount, mountSmallDisk, type SmallDisk } from '../support/small-disk.ts';
import { workScene, type Filed, type WorkScene } from '../support/work-scene.ts';
import { until, type WorkerProcess } from '../support/worker-process.ts';

const mebibyte = 1024 * 1024;
const sizeBytes = 48 * mebibyte;
const neededMegabytes = 24;

type Said = { msg: string; failure?: { code: string; message: string } };

/** The worker's lines of this text. */
const said = (worker: WorkerProcess, msg: string): Said[] =>
  worker
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Said) // our own log
    .filter((line) => line.msg === msg);

const full = 'no work is taken until there is room on the disk';
const roomAgain = 'there is room on the disk again';

type Scene = { scene: WorkScene; disk: SmallDisk; folder: string };

/** A worker's home in which the folder of this name is a small disk of its own. */
async function sceneOn(name: 'state' | 'workspaces', slots = 1): Promise<Scene> {
  const scene = await workScene({
    config: { slots, limits: { retryWaitSeconds: 0.05, freeDiskMegabytes: neededMegabytes } },
  });
  const folder = join(scene.home.folder, name);
  await mkdir(folder, { recursive: true });
  const disk = await mountSmallDisk(folder, sizeBytes);
  onTestFinished(() => disk.remove());
  return { scene, disk, folder };
}

async function saysFull(scene: WorkScene, worker: WorkerProcess): Promise<Said> {
  return until(
    () => said(worker, full)[0],
    () => scene.said(),
  );
}

describe.skipIf(lacksMount())('a worker whose disk is full', () => {
  test.each(['state', 'workspaces'] as const)(
    'below its %s takes no message, says so once with path and need, and goes on when there is room',
    async (name) => {
      const { scene, disk, folder } = await sceneOn(name, 3);
      await disk.fillTo(10 * mebibyte);
      const worker = scene.start();
      const { failure } = await saysFull(scene, worker);
      expect(failure).toMatchObject({
        code: 'CW-WORKSPACE-DISK',
        message: `The disk of ${folder} has 10 MB free, and ${neededMegabytes} MB are needed.`,
      });
      const filed = await scene.file('greeter');
      await scene.send(filed.text);
      expect(scene.queue.calls).toEqual([]);
      await disk.clear();
      await expectOneEnding(scene, filed, 'published');
      expect(said(worker, roomAgain)).toHaveLength(1);
      expect(said(worker, full)).toHaveLength(1);
    },
  );

  test('in the midst of a record stops that task, and goes on with it when there is room, without a restart', async () => {
    const { scene, disk } = await sceneOn('state');
    const { filed, worker } = await heldAtPageEnd(scene);
    await disk.fill();
    await scene.agent.release('generate');
    await saysFull(scene, worker);
    expect(worker.output()).toContain('CW-JOURNAL-WRITE');
    const stopped = await scene.records(filed.taskId);
    expect(stopped.map(({ type }) => type)).toEqual(['task.accepted', 'task.claimed', 'clone.done']);
    expect(await scene.world.github.pulls(filed.repository)).toEqual([]);

    await disk.clear();
    const records = await expectOneEnding(scene, filed, 'published');
    expect(records.slice(0, 4)).toEqual([...stopped, expect.objectContaining({ type: 'journal.repaired' })]);
    expect(said(worker, full)).toHaveLength(1);
    // No receive was spent: it was resumed with the receipt that the journal knows.
    expect(records.map(({ type }) => type)).not.toContain('lease.adopted');
  });

  test('under the working copies blames the disk, not the agent; the task is released and goes on where it was', async () => {
    const { scene, disk } = await sceneOn('workspaces');
    const { filed, worker } = await heldIn(scene, 'tests');
    await disk.fill();
    await scene.agent.release('tests');
    const released = await scene.recorded(filed.taskId, 'message.settled');
    expect(failureCodes(released)).toEqual(Array.from({ length: 4 }, () => 'CW-WORKSPACE-DISK'));
    await saysFull(scene, worker);
    await disk.clear();
    await scene.world.sqs.expireLeases();
    await expectOneEnding(scene, filed, 'published');
  });

  test('from its start on waits, and then resumes what an earlier worker left', async () => {
    const { scene, disk } = await sceneOn('state');
    const { filed, worker } = await heldIn(scene, 'tests');
    await worker.stop();
    await scene.agent.release('tests');
    await disk.fill();
    const next = scene.start();
    await saysFull(scene, next);
    await disk.clear();
    const records = await expectOneEnding(scene, filed, 'published');
    expect(records.map(({ type }) => type)).not.toContain('journal.repaired');
  });
});

type HeldFacts = { name?: string; worker?: WorkerProcess; padding?: number };

/** A task whose agent waits in this pass; `padding` letters are added to its issue. */
async function heldIn(
  scene: WorkScene,
  pass: string,
  { name = 'greeter', worker = scene.start(), padding = 0 }: HeldFacts = {},
): Promise<{ filed: Filed; worker: WorkerProcess }> {
  await scene.agent.hold(pass);
  const issue = await scene.file(name);
  const message = JSON.parse(issue.text) as { body: string }; // our own message
  const filed = { ...issue, text: JSON.stringify({ ...message, body: message.body + 'x'.repeat(padding) }) };
  await scene.send(filed.text);
  await until(
    async () => ((await scene.agent.starts(filed.taskId)).includes(pass) ? true : undefined),
    () => scene.said(),
  );
  return { filed, worker };
}

/**
 * A task whose journal all but fills its last page of memory, so that the next record finds no room for its end. How long the journal is by
 * then another task of that kind tells.
 */
async function heldAtPageEnd(scene: WorkScene): Promise<{ filed: Filed; worker: WorkerProcess }> {
  const pageBytes = 4096;
  const leftBytes = 100;
  const { filed, worker } = await heldIn(scene, 'generate', { name: 'other' });
  const { size } = await stat(join(scene.home.state, 'active', `${filed.taskId}.jsonl`));
  await scene.agent.release('generate');
  await scene.archived(filed.taskId);
  return heldIn(scene, 'generate', { name: 'greet', worker, padding: 2 * pageBytes - (size % pageBytes) - leftBytes });
}
