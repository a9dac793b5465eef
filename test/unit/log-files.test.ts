// The log's daily files: named by the day of the line, the newest kept, and never in the way of the work.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { dailyFiles } from '../../src/log-files.ts';

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'log-files-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test('a line goes into the file of its own day, however long nothing was written before', async () => {
  const folder = await emptyFolder();
  let now = new Date('2026-02-27T23:59:59.999Z');
  const files = dailyFiles({ folder, kept: 7, now: () => now });
  files.write('one\n');
  now = new Date('2026-03-02T06:00:00Z');
  files.write('two\n');
  files.write('three\n');
  expect(await readFile(join(folder, 'worker-2026-02-27.jsonl'), 'utf8')).toBe('one\n');
  expect(await readFile(join(folder, 'worker-2026-03-02.jsonl'), 'utf8')).toBe('two\nthree\n');
});

test('a restart on the same day goes on with its file', async () => {
  const folder = await emptyFolder();
  const now = (): Date => new Date('2026-03-02T06:00:00Z');
  dailyFiles({ folder, kept: 7, now }).write('before\n');
  dailyFiles({ folder, kept: 7, now }).write('after\n');
  expect(await readFile(join(folder, 'worker-2026-03-02.jsonl'), 'utf8')).toBe('before\nafter\n');
});

test('each change of day leaves only the newest files, and those of others alone', async () => {
  const folder = await emptyFolder();
  await writeFile(join(folder, 'notes.txt'), 'mine');
  let day = 1;
  const files = dailyFiles({ folder, kept: 3, now: () => new Date(Date.UTC(2026, 0, day)) });
  for (; day <= 6; day += 1) files.write('line\n');
  expect((await readdir(folder)).toSorted()).toEqual([
    'notes.txt',
    'worker-2026-01-04.jsonl',
    'worker-2026-01-05.jsonl',
    'worker-2026-01-06.jsonl',
  ]);
});

test('a folder that cannot be written to stops nobody, and is tried again', async () => {
  const folder = await emptyFolder();
  const inTheWay = join(folder, 'logs');
  await writeFile(inTheWay, '');
  const files = dailyFiles({ folder: inTheWay, kept: 3, now: () => new Date('2026-03-02T06:00:00Z') });
  files.write('lost\n');
  await rm(inTheWay);
  files.write('kept\n');
  expect(await readFile(join(inTheWay, 'worker-2026-03-02.jsonl'), 'utf8')).toBe('kept\n');
});
