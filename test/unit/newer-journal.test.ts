// A journal that a newer worker wrote, in an older one's state directory: it is left for the newer one, and a person is told.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeRecord } from '../../src/events/journal-line.ts';
import type { JournalRecord } from '../../src/events/journal-record.ts';
import { take } from '../../src/worker/consume.ts';
import { resume } from '../../src/worker/resume.ts';
import { issueTask } from '../support/tasks/facts.ts';
import { startQueueScene, type QueueScene } from '../support/tasks/queue-scene.ts';
import { recordsOf, walk } from '../support/tasks/walk.ts';

const never = new AbortController().signal;
let scene: QueueScene;
beforeAll(async () => {
  scene = await startQueueScene();
});
afterAll(() => scene.close());

const newer = (line: Buffer, change: Partial<Record<keyof JournalRecord, unknown>>): Buffer => {
  const { crc: _, ...record } = JSON.parse(line.toString('utf8')) as JournalRecord & { crc: string }; // encoded by us
  return encodeRecord({ ...record, seq: 4, ...change } as JournalRecord); // what a newer worker may write
};

const cases = [
  ['its version', (last: Buffer) => newer(last, { v: 2 })],
  ['a kind of record', (last: Buffer) => newer(last, { type: 'task.paused' })],
  [
    'a kind of record, with a torn one behind it',
    (last: Buffer) => Buffer.concat([newer(last, { type: 'task.paused' }), Buffer.from('{"crc":"01')]),
  ],
  ['a kind of record that lacks its end', (last: Buffer) => newer(last, { type: 'task.paused' }).subarray(0, -1)],
] as const;

it.each(cases)('told by %s is not touched; its message is parked at once with the reason', async (_, append) => {
  const { taskId, text } = await scene.send();
  const { runtime, effects } = await scene.scripted();
  const path = runtime.state.journal(taskId);
  const lines = recordsOf(walk(['done', 'done']), { ...issueTask, id: taskId }).map(encodeRecord);
  const bytes = Buffer.concat([...lines, append(lines.at(-1) ?? Buffer.alloc(0))]);
  await writeFile(path, bytes);
  await resume(runtime, new Map(), taskId, never);
  await take(runtime, new Map(), await scene.receive(), never);
  expect((await scene.sqs.deadLetters()).at(-1)).toMatchObject({
    body: text,
    attributes: { 'codingworker.code': 'CW-JOURNAL-VERSION' },
  });
  expect(await scene.sqs.messages()).toEqual([]);
  expect(await readFile(path)).toEqual(bytes);
  expect(await readdir(join(runtime.state.root, 'active'))).toEqual([`${taskId}.jsonl`]);
  expect(effects).toEqual([]);
});
