// Reads a journal's bytes: whole records up to the end or to a torn last one. Anything else wrong is refused by file and line, never guessed at.
import { coded } from '../../events/failure.ts';
import { decodeLine } from '../../events/journal-line.ts';
import type { JournalRecord } from '../../events/journal-record.ts';

export type JournalContent = {
  records: JournalRecord[];
  /** Length in bytes of the whole records. */
  intactBytes: number;
  /** What follows them: the beginning of a record whose write was cut off. */
  torn: Buffer;
  /** The record that `torn` holds, when it lacks nothing but a right newline: the event happened, so it counts. */
  completed?: JournalRecord;
};

const newline = 0x0a;

/**
 * Throws `CW-JOURNAL-CORRUPT` for a whole line that is damaged, out of sequence or another task's, and `CW-JOURNAL-VERSION`; both name file and line.
 * `name` is the file's name for these messages.
 */
export function readJournal(bytes: Buffer, name: string): JournalContent {
  const records: JournalRecord[] = [];
  let start = 0;
  for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
    const decoded = decodeLine(bytes.subarray(start, end + 1));
    const line = records.length + 1;
    if (!decoded.ok) throw corrupt(name, line, decoded.problem);
    if (decoded.record.seq !== line) throw corrupt(name, line, `the record says it is number ${decoded.record.seq}`);
    if (decoded.record.task !== (records[0] ?? decoded.record).task) {
      throw corrupt(name, line, `the record belongs to the task ${decoded.record.task}`);
    }
    records.push(decoded.record);
    start = end + 1;
  }
  const torn = bytes.subarray(start);
  const completed = withoutItsNewline(torn, records.length + 1);
  return { records, intactBytes: start, torn, ...(completed && { completed }) };
}

function withoutItsNewline(torn: Buffer, seq: number): JournalRecord | undefined {
  for (const candidate of [torn, torn.subarray(0, -1)]) {
    const decoded = decodeLine(Buffer.concat([candidate, Buffer.from([newline])]));
    if (decoded.ok && decoded.record.seq === seq) return decoded.record;
  }
  return undefined;
}

const corrupt = (name: string, line: number, problem: string): Error =>
  coded('CW-JOURNAL-CORRUPT', `${name}, line ${line}: ${problem}.`);
