// `replay --follow`: a running task's records as they come, until its last one. The open file is followed, also when it moves to done/.
import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { followLookMs } from '../../events/bounds.ts';
import { coded } from '../../events/failure.ts';
import type { JournalRecord } from '../../events/journal-record.ts';
import { readJournal } from '../../services/journal/read-journal.ts';
import { systemClock } from '../../services/clock/clock.ts';

/**
 * Gives all records so far to `show` each time that there are more of them, until it returns true or the task owes nothing more. Throws
 * as `readJournal`, and `CW-JOURNAL-NOT-FOUND` when the file is deleted meanwhile.
 */
export async function follow(
  path: string,
  show: (records: readonly JournalRecord[]) => boolean,
  signal: AbortSignal,
): Promise<void> {
  const file = await open(path, 'r');
  try {
    for (let [seen, count] = [-1, -1]; ; await systemClock.sleep(followLookMs, signal)) {
      const { size, nlink } = await file.stat();
      if (size !== seen) {
        seen = size;
        const { records } = readJournal(await contentOf(file, size), basename(path));
        if (records.length !== count && show(records)) return;
        count = records.length;
        if (isOver(records)) return;
      }
      if (nlink === 0) throw coded('CW-JOURNAL-NOT-FOUND', `${path} was deleted.`);
    }
  } finally {
    await file.close();
  }
}

async function contentOf(file: FileHandle, size: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, 0);
  return buffer.subarray(0, bytesRead);
}

/** Its message is gone for good. A released task's is not, also when it lies in the dead-letter queue: it may come back. */
const isOver = (records: readonly JournalRecord[]): boolean =>
  records.some(({ type, data }) => type === 'message.settled' && data.how === 'deleted') ||
  (records.some(({ type }) => type === 'report.undeliverable') && records.at(-1)?.type === 'message.settled');
