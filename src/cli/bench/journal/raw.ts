// The limit that the journal is held against: the same bytes appended and synced by Node's own calls, in a file for each task.
import { open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { allOf, type Turn } from './turn.ts';

/** One turn of `count` tasks in a folder that is there. The first of `records` is on disk before the time begins, as a task's acceptance is. */
export async function rawTurn(
  folder: string,
  records: readonly Buffer[],
  count: number,
  atOnce: number,
): Promise<Turn> {
  const [first, ...rest] = records;
  if (!first) throw new Error('There is no record.');
  const files: FileHandle[] = [];
  const pathOf = (index: number): string => join(folder, `raw-${index}.jsonl`);
  for (let index = 0; index < count; index += 1) {
    const file = await open(pathOf(index), 'wx', 0o600);
    await file.write(first, 0, first.length, 0);
    await file.sync();
    files.push(file);
  }
  const turn: Turn = { stepMs: [], taskMs: [], wallMs: 0 };
  turn.wallMs = await allOf(count, atOnce, async (index) => {
    const file = files[index];
    if (!file) throw new Error('Every task has a file.');
    const began = performance.now();
    let [position, last] = [first.length, began];
    for (const bytes of rest) {
      const { bytesWritten } = await file.write(bytes, 0, bytes.length, position);
      if (bytesWritten !== bytes.length) throw new Error('The disk took only a part of a record.');
      await file.datasync();
      position += bytes.length;
      const now = performance.now();
      turn.stepMs.push(now - last);
      last = now;
    }
    turn.taskMs.push(last - began);
  });
  for (const [index, file] of files.entries()) {
    await file.close();
    await rm(pathOf(index));
  }
  return turn;
}
