// What a worker finds in its state directory when it starts: however much has ended, is unfinished or damaged, the queue is served.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodeRecord } from '../../src/events/journal-line.ts';
import type { JournalRecord } from '../../src/events/journal-record.ts';
import { expectOneEnding } from '../support/one-ending.ts';
import { issueTask } from '../support/tasks/facts.ts';
import { recordsOf, walk, walkToEnd } from '../support/tasks/walk.ts';
import { workScene, type WorkScene } from '../support/work-scene.ts';
import { until } from '../support/worker-process.ts';

const bytesOf = (records: readonly JournalRecord[]): Buffer => Buffer.concat(records.map(encodeRecord));
const unfinished = (id: string): Buffer => bytesOf(recordsOf(walk(['done', 'done']), { ...issueTask, id }));
const ended = (id: string): Buffer => bytesOf(recordsOf(walkToEnd([]), { ...issueTask, id }));

test('a free slot polls while an unfinished task is resumed, beside fifty that have ended', async () => {
  const scene = await workScene({ config: { slots: 2 } });
  await scene.agent.hold('tests');
  const filed = await scene.file('greeter');
  const first = scene.start();
  await scene.send(filed.text);
  await agentRuns(scene, filed.taskId, 1);
  await first.stop('SIGKILL');
  const month = join(scene.home.state, 'done', '2026-01');
  await mkdir(month);
  for (let number = 0; number < 50; number += 1) {
    const id = `acme-shop-12-${String(number).padStart(10, '0')}`;
    await writeFile(join(month, `${id}.jsonl`), ended(id));
  }

  scene.start();
  await agentRuns(scene, filed.taskId, 2);
  await until(
    () => (scene.queue.open('ReceiveMessage') === 1 ? true : undefined),
    () => scene.said(),
  );
  await scene.agent.release('tests');
  await expectOneEnding(scene, filed, 'published');
  expect(await scene.agent.starts(filed.taskId)).toEqual(['generate', 'tests', 'tests', 'fix-1']);
});

/** A whole line that says something else than its crc. */
const flipped = (bytes: Buffer): Buffer => {
  const damaged = Buffer.from(bytes);
  const secondLine = damaged.indexOf('\n') + 60;
  damaged.writeUInt8(damaged.readUInt8(secondLine) ^ 1, secondLine);
  return damaged;
};

const newer = (bytes: Buffer): Buffer => {
  const [first = ''] = bytes.toString('utf8').split('\n');
  const record = JSON.parse(first.replace(/"crc":"[0-9a-f]{8}",/, '')) as JournalRecord; // encoded above
  return encodeRecord({ ...record, v: 99 as 1 }); // a version that this worker does not know
};

test.each([
  {
    what: 'a damaged journal',
    bytes: flipped(unfinished('bad-12-0000000001')),
    says: ['CW-JOURNAL-CORRUPT', 'bad-12-0000000001.jsonl, line 2'],
  },
  { what: 'a journal of a newer version', bytes: newer(unfinished('bad-12-0000000001')), says: ['CW-JOURNAL-VERSION'] },
  { what: 'a journal that holds half a record', bytes: unfinished('bad-12-0000000001').subarray(0, 40), says: [] },
])('$what is kept as it is and blocks nobody', async ({ bytes, says }) => {
  const scene = await workScene();
  const active = join(scene.home.state, 'active');
  await mkdir(active);
  await writeFile(join(active, 'bad-12-0000000001.jsonl'), bytes);
  const worker = scene.start();
  const filed = await scene.file('greeter');
  await scene.send(filed.text);
  await expectOneEnding(scene, filed, 'published');
  for (const text of says) expect(worker.output()).toContain(text);
  const [kept = ''] = await readdir(active);
  expect(kept).toMatch(/^bad-12-0000000001\.jsonl/);
  expect(await readFile(join(active, kept))).toEqual(bytes);
  // Nor does it at the next start.
  await worker.stop();
  const next = scene.start();
  await until(
    () => (scene.queue.open('ReceiveMessage') === 1 ? true : undefined),
    () => scene.said(),
  );
  expect(await next.stop()).toBe(0);
});

test('an empty journal, in which nothing was accepted, is removed', async () => {
  const scene = await workScene();
  const active = join(scene.home.state, 'active');
  await mkdir(active);
  await writeFile(join(active, 'bad-12-0000000001.jsonl'), '');
  const worker = scene.start();
  const filed = await scene.file('greeter');
  await scene.send(filed.text);
  await expectOneEnding(scene, filed, 'published');
  expect(await readdir(active)).toEqual([]);
  expect(await worker.stop()).toBe(0);
});

async function agentRuns(scene: WorkScene, taskId: string, times: number): Promise<void> {
  await until(
    async () => {
      const runs = (await scene.agent.starts(taskId)).filter((pass) => pass === 'tests');
      return runs.length === times ? true : undefined;
    },
    () => scene.said(),
  );
}
