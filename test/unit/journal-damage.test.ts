// Damage to a journal: whatever bit flips and wherever it is cut, reading gives the right records or a refusal that names file and line.
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CodedError } from '../../src/events/failure.ts';
import type { JournalEntry, JournalRecord } from '../../src/events/journal-record.ts';
import { Journal, type Medium } from '../../src/services/journal/journal.ts';
import { readJournal } from '../../src/services/journal/read-journal.ts';
import { issueTask, transient } from '../support/tasks/facts.ts';
import { journalFolder, writeJournal } from '../support/tasks/real-journal.ts';
import { walkToEnd } from '../support/tasks/walk.ts';
import { diskPort, soundDisk } from '../support/simulation/disk-port.ts';
import { SimulatedDisk } from '../support/simulation/disk.ts';
import { realMedium } from '../support/real-medium.ts';

const down = transient();
/** Thirty events: every kind of step, failed verifications, fixes, and as many tries again as the limits allow. */
const entries: JournalEntry[] = walkToEnd([
  down,
  down,
  down,
  'done',
  down,
  down,
  'done',
  down,
  'done',
  'failed',
  'done',
  down,
  'failed',
  'done',
  down,
  'failed',
  'done',
  'done',
  down,
  'done',
]);
let folder: string;
let bytes: Buffer;
let records: JournalRecord[];
/** Where each line begins, and the length of the whole. */
let starts: number[];
beforeAll(async () => {
  folder = await journalFolder();
  bytes = await writeJournal(join(folder, 'whole.jsonl'), entries);
  records = readJournal(bytes, 'whole').records;
  starts = [0, ...[...bytes.entries()].filter(([, byte]) => byte === 0x0a).map(([index]) => index + 1)];
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const codeOf = (error: unknown): string => {
  if (error instanceof CodedError) return `${error.failure.code} ${error.failure.message}`;
  throw error;
};

/** How many records are read, all right ones, or the refusal; anything else throws. */
function reading(damaged: Buffer): number | string {
  try {
    const read = readJournal(damaged, 'task.jsonl');
    const found = [...read.records, ...(read.completed ? [read.completed] : [])];
    // Many thousands of times, hence not by `expect`. The state follows from the records alone.
    if (!isDeepStrictEqual(found, records.slice(0, found.length))) return 'a wrong recovery';
    return found.length;
  } catch (error) {
    return codeOf(error);
  }
}

describe('a journal of which one bit is wrong', () => {
  it('is refused by file and line, or told apart from a torn one, at every bit of every byte', () => {
    const whole = records.length;
    expect(whole).toBe(30);
    const wrong: string[] = [];
    for (let index = 0; index < bytes.length; index += 1) {
      const line = starts.findLastIndex((start) => start <= index) + 1;
      const isLastNewline = index === bytes.length - 1;
      for (let bit = 0; bit < 8; bit += 1) {
        const damaged = Buffer.from(bytes);
        damaged[index] = (damaged[index] ?? 0) ^ (1 << bit);
        const result = reading(damaged);
        // Only the last newline can be lost without losing what its record says.
        if (
          isLastNewline ? result !== whole : !String(result).startsWith(`CW-JOURNAL-CORRUPT task.jsonl, line ${line}: `)
        ) {
          wrong.push(`Bit ${bit} of byte ${index}, in line ${line}: ${result}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });
});

/** How many records the first `length` bytes tell of: one that lacks only its newline was written, so it happened. */
const toldBy = (length: number): number => {
  const wholeLines = starts.filter((start) => start > 0 && start <= length).length;
  return wholeLines + (length > 0 && starts.includes(length + 1) ? 1 : 0);
};

describe('a journal that is cut off', () => {
  it('gives every whole record before the cut, at every byte', () => {
    const wrong: string[] = [];
    for (let length = 0; length <= bytes.length; length += 1) {
      const result = reading(bytes.subarray(0, length));
      if (result !== toldBy(length)) wrong.push(`${length} bytes: ${result}`);
    }
    expect(wrong).toEqual([]);
  });

  it('is opened with these records and no others, at every byte, and can be written on', async () => {
    const wrong: string[] = [];
    for (let length = 1; length <= bytes.length; length += 1) {
      const disk = new SimulatedDisk();
      disk.addFolder('/active');
      disk.write(disk.addFile('/active/t.jsonl'), bytes.subarray(0, length), 0);
      disk.syncFolder('/active');
      const medium: Medium = { disk: diskPort(disk, soundDisk), now: () => 0 };
      const journal = await Journal.open(medium, '/active/t.jsonl', issueTask.id);
      const told = toldBy(length);
      if (journal === undefined ? told > 0 : !isDeepStrictEqual(journal.records.slice(0, told), records.slice(0, told)))
        wrong.push(`${length} bytes: ${journal?.records.length}`);
      if (journal === undefined) continue;
      journal.append({ type: 'task.suspended', data: { reason: 'the test' } });
      await journal.flushed();
      const after = readJournal(disk.surviving('/active/t.jsonl') ?? Buffer.alloc(0), 't.jsonl').records;
      const types = after.slice(told).map(({ type }) => type);
      const isTorn = !starts.includes(length);
      if (!isDeepStrictEqual(types, [...(isTorn ? ['journal.repaired'] : []), 'task.suspended']))
        wrong.push(`${length} bytes: then ${types.join(', ')}`);
    }
    expect(wrong).toEqual([]);
  });

  it('is repaired at every byte of its last record: saved aside, cut, noted, and whole again', async () => {
    const last = starts.at(-2) ?? 0;
    for (let length = last + 1; length < bytes.length; length += 7) {
      const path = join(folder, `torn-${length}.jsonl`);
      await writeFile(path, bytes.subarray(0, length));
      const journal = await Journal.open(realMedium, path, issueTask.id);
      await journal?.close();
      expect(await readFile(`${path}.torn-${last}`)).toEqual(bytes.subarray(last, length));
      const repaired = readJournal(await readFile(path), path);
      expect(repaired.torn).toHaveLength(0);
      expect(repaired.records).toEqual(journal?.records);
      expect(repaired.records.slice(0, -1)).toEqual(records.slice(0, -1));
      expect(repaired.records.at(-1)).toMatchObject({
        type: 'journal.repaired',
        seq: records.length,
        data: { bytes: length - last, savedAs: `torn-${length}.jsonl.torn-${last}` },
      });
    }
  });

  it('keeps a last record that lacks only its newline: it was written, so it happened', async () => {
    const path = join(folder, 'no-newline.jsonl');
    await writeFile(path, bytes.subarray(0, -1));
    const journal = await Journal.open(realMedium, path, issueTask.id);
    await journal?.close();
    const repaired = readJournal(await readFile(path), path).records;
    expect(repaired.slice(0, -1)).toEqual(records);
    expect(repaired.at(-1)?.type).toBe('journal.repaired');
  });

  it('is not completed by a record that cannot stand there', async () => {
    const path = join(folder, 'wrong-number.jsonl');
    const again = bytes.subarray(starts.at(-2), -1);
    await writeFile(path, Buffer.concat([bytes, again]));
    const journal = await Journal.open(realMedium, path, issueTask.id);
    await journal?.close();
    expect(journal?.records.slice(0, -1)).toEqual(records);
    expect(journal?.records.at(-1)).toMatchObject({ type: 'journal.repaired', data: { bytes: again.length } });
  });

  it('within its first record says that nothing was accepted, and is kept for a look at it', async () => {
    for (const length of [1, 100]) {
      const path = join(folder, `first-${length}.jsonl`);
      await writeFile(path, bytes.subarray(0, length));
      expect(await Journal.open(realMedium, path, issueTask.id)).toBeUndefined();
      const names = (await readdir(folder)).filter((name) => name.startsWith(`first-${length}.jsonl`));
      expect(names).toEqual([`first-${length}.jsonl.torn-0`]);
      expect(await readFile(`${path}.torn-0`)).toEqual(bytes.subarray(0, length));
    }
  });

  it('before its first byte says the same, and leaves nothing behind', async () => {
    const path = join(folder, 'empty.jsonl');
    await writeFile(path, '');
    expect(await Journal.open(realMedium, path, issueTask.id)).toBeUndefined();
    expect((await readdir(folder)).filter((name) => name.startsWith('empty'))).toEqual([]);
  });
});

describe('a journal whose lines are whole but wrong', () => {
  const line = (number: number): Buffer => bytes.subarray(starts[number - 1], starts[number]);

  it.each([
    ['a line is missing', [1, 3], 'line 2: the record says it is number 3'],
    ['a line is there twice', [1, 2, 2], 'line 3: the record says it is number 2'],
    ['two lines changed places', [1, 3, 2], 'line 2: the record says it is number 3'],
    ['the first line is missing', [2, 3], 'line 1: the record says it is number 2'],
  ])('is refused when %s', (_, order, problem) => {
    expect(reading(Buffer.concat(order.map(line)))).toBe(`CW-JOURNAL-CORRUPT task.jsonl, ${problem}.`);
  });

  it('is refused when a line, or all of it, is another task’s', async () => {
    const other = join(folder, 'other.jsonl');
    const journal = await Journal.create(realMedium, other, 'acme-shop-13-0000000000');
    for (const entry of entries) journal.append(entry);
    await journal.close();
    const otherLines = (await readFile(other, 'utf8')).split(/(?<=\n)/);
    expect(reading(Buffer.concat([line(1), Buffer.from(otherLines[1] ?? '')]))).toMatch(
      /^CW-JOURNAL-CORRUPT task\.jsonl, line 2: the record belongs to the task acme-shop-13/,
    );
    await expect(Journal.open(realMedium, other, issueTask.id)).rejects.toThrow(
      'line 1: the record belongs to the task acme-shop-13',
    );
  });

  it('is left as it is by the refusal', async () => {
    const path = join(folder, 'refused.jsonl');
    const damaged = Buffer.from(bytes);
    damaged[starts[2] ?? 0] = 0x20;
    await writeFile(path, damaged);
    await expect(Journal.open(realMedium, path, issueTask.id)).rejects.toThrow(
      'CW-JOURNAL-CORRUPT: refused.jsonl, line 3',
    );
    expect(await readFile(path)).toEqual(damaged);
  });
});
