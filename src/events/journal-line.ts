// One journal record as one line of bytes. The crc covers every byte after its own field, newline included, so no flipped bit passes.
import { crc32 } from 'node:zlib';
import { recordMaxBytes } from './bounds.ts';
import { coded } from './failure.ts';
import { journalVersion, type JournalRecord } from './journal-record.ts';

const newline = 0x0a;
const crcField = /^\{"crc":"([0-9a-f]{8})",$/;
/** Bytes of `{"crc":"9f3a01cc",`. */
const crcFieldBytes = 18;

/** The line of a record, newline included. Throws `CW-JOURNAL-WRITE` for a record over `recordMaxBytes`. */
export function encodeRecord(record: JournalRecord): Buffer {
  const { v, seq, at, task, type, state, data } = record;
  const rest = `${JSON.stringify({ v, seq, at, task, type, state, data }).slice(1)}\n`;
  const crc = crc32(rest).toString(16).padStart(8, '0');
  const line = Buffer.from(`{"crc":"${crc}",${rest}`);
  if (line.length > recordMaxBytes) {
    throw coded('CW-JOURNAL-WRITE', `The record ${type} has ${line.length} bytes; ${recordMaxBytes} are allowed.`);
  }
  return line;
}

/** What stands at one place of a journal. */
export type DecodedLine = { ok: true; record: JournalRecord } | { ok: false; problem: string };

/** Decodes one line with its newline. Throws `CW-JOURNAL-VERSION` for an intact record of a newer version. */
export function decodeLine(line: Buffer): DecodedLine {
  if (line.at(-1) !== newline) return { ok: false, problem: 'the record has no end' };
  const crc = crcField.exec(line.toString('latin1', 0, crcFieldBytes))?.[1];
  if (crc === undefined) return { ok: false, problem: 'the record does not begin with its crc' };
  if (crc32(line.subarray(crcFieldBytes)) !== Number.parseInt(crc, 16)) {
    return { ok: false, problem: 'the record does not match its crc' };
  }
  const record = parse(line);
  if (record === undefined) return { ok: false, problem: 'the record is not JSON, although it matches its crc' };
  if (record.v !== journalVersion) {
    throw coded(
      'CW-JOURNAL-VERSION',
      `Record ${String(record.seq)} is of version ${String(record.v)}; this worker knows ${String(journalVersion)}.`,
    );
  }
  return { ok: true, record };
}

function parse(line: Buffer): (JournalRecord & { v: number }) | undefined {
  try {
    // The crc vouches that a worker wrote it.
    const { crc: _, ...record } = JSON.parse(line.toString('utf8')) as JournalRecord & { crc: string; v: number };
    return record;
  } catch {
    return undefined;
  }
}
