// The journal's bytes: one JSON line a record, its crc first, over every byte that follows.
import { execFileSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordMaxBytes } from '../../src/events/bounds.ts';
import { CodedError } from '../../src/events/failure.ts';
import { decodeLine, encodeRecord } from '../../src/events/journal-line.ts';
import type { JournalRecord } from '../../src/events/journal-record.ts';
import { readJournal } from '../../src/services/journal/read-journal.ts';
import { issueTask, permanent, transient } from '../support/tasks/facts.ts';
import { journalFolder, writeJournal } from '../support/tasks/real-journal.ts';
import { recordsOf, walkToEnd } from '../support/tasks/walk.ts';

const oddTitle = 'Ünïcode “quotes” \u2028 \u0000 \ud83d\ude80 and a lone \ud800';
const entries = walkToEnd([transient(), permanent()], { ...issueTask, title: oddTitle });
let folder: string;
let bytes: Buffer;
beforeAll(async () => {
  folder = await journalFolder();
  bytes = await writeJournal(join(folder, 'task.jsonl'), entries);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** CRC-32 as in IEEE 802.3, bit by bit: another implementation than the journal's. */
function crc32(data: Buffer): string {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ((crc ^ 0xffffffff) >>> 0).toString(16).padStart(8, '0');
}

const linesOf = (all: Buffer): Buffer[] =>
  all
    .toString('latin1')
    .split(/(?<=\n)/)
    .map((line) => Buffer.from(line, 'latin1'));

describe('a journal', () => {
  it('is one line of JSON a record, with its fields in the order that is specified', () => {
    const lines = linesOf(bytes);
    expect(lines).toHaveLength(entries.length);
    for (const [index, line] of lines.entries()) {
      expect(line.toString()).toMatch(
        /^\{"crc":"[0-9a-f]{8}","v":1,"seq":\d+,"at":\d+,"task":"[^"]+","type":"[^"]+","data":\{[^\n]*\}\}\n$/,
      );
      const { crc: _, ...record } = JSON.parse(line.toString()) as Record<string, unknown>;
      expect(record).toMatchObject({ v: 1, seq: index + 1, task: issueTask.id, ...entries[index] });
    }
  });

  it('has in each record the crc of every byte after that field, newline included', () => {
    for (const line of linesOf(bytes)) {
      const [head = '', crc] = /^\{"crc":"([0-9a-f]{8})",/.exec(line.toString('latin1')) ?? [];
      expect(crc).toBe(crc32(line.subarray(head.length)));
    }
  });

  it('is read by other programs line by line, as jq would', () => {
    const types = execFileSync('python3', ['-c', 'import sys,json\nfor l in sys.stdin: print(json.loads(l)["type"])'], {
      input: bytes,
    });
    expect(types.toString().trim().split('\n')).toEqual(entries.map(({ type }) => type));
  });

  it('gives back every value as it was written, however odd its text', () => {
    const { records } = readJournal(bytes, 'task.jsonl');
    expect(records).toMatchObject(entries);
    expect(records.map(encodeRecord)).toEqual(linesOf(bytes));
  });

  it('takes a record up to its bound, and refuses a larger one by code', () => {
    const [record] = recordsOf(entries);
    const withBody = (length: number): JournalRecord =>
      ({ ...record, data: { task: { ...issueTask, body: 'x'.repeat(length) } } }) as JournalRecord; // large enough is all it must be
    const room = recordMaxBytes - encodeRecord(withBody(0)).length;
    expect(encodeRecord(withBody(room))).toHaveLength(recordMaxBytes);
    expect(() => encodeRecord(withBody(room + 1))).toThrow('CW-JOURNAL-WRITE');
  });
});

describe('a line that no worker of this version wrote', () => {
  const line = (rest: string): Buffer => Buffer.from(`{"crc":"${crc32(Buffer.from(rest))}",${rest}`);

  it('is refused for its version when it is of a newer one', () => {
    const newer = line('"v":2,"seq":1,"at":1,"task":"t","type":"clone.done","data":{}}\n');
    expect(() => decodeLine(newer)).toThrow(CodedError);
    expect(() => decodeLine(newer)).toThrow('CW-JOURNAL-VERSION: Record 1 is of version 2');
  });

  it.each([
    ['without JSON behind a right crc', line('nonsense\n'), 'not JSON'],
    ['without a crc', Buffer.from('{"v":1,"seq":1}\n'), 'does not begin with its crc'],
    ['with a crc in capitals', Buffer.from('{"crc":"ABCDEF01","v":1}\n'), 'does not begin with its crc'],
    ['empty', Buffer.from('\n'), 'does not begin with its crc'],
    ['without an end', Buffer.from('{"crc":"00000000",'), 'has no end'],
  ])('is refused when it is %s', (_, its, problem) => {
    expect(decodeLine(its)).toEqual({ ok: false, problem: expect.stringContaining(problem) });
  });
});
