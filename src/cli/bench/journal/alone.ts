// The journal by itself: the same records handed to it and awaited one by one, without the machine, the gate and the log around it.
import type { JournalEntry, JournalRecord } from '../../../events/journal-record.ts';
import type { StateDirectory } from '../../../worker/state-directory.ts';
import { acceptedOnDisk, closed } from './accepted.ts';
import { allOf, type Turn } from './turn.ts';

/** One turn of `count` journals. The first of `records` is on disk before the time begins, as a task's acceptance is. */
export async function aloneTurn(
  state: StateDirectory,
  records: readonly JournalRecord[],
  count: number,
  atOnce: number,
): Promise<Turn> {
  const journals = await acceptedOnDisk(state, count);
  const turn: Turn = { stepMs: [], taskMs: [], wallMs: 0 };
  turn.wallMs = await allOf(count, atOnce, async (index) => {
    const journal = journals[index];
    if (!journal) throw new Error('Every task has a journal.');
    const began = performance.now();
    let last = began;
    for (const record of records.slice(1)) {
      journal.append(entryOf(record), record.state);
      await journal.flushed();
      const now = performance.now();
      turn.stepMs.push(now - last);
      last = now;
    }
    turn.taskMs.push(last - began);
  });
  await closed(journals);
  return turn;
}

const entryOf = ({ type, data }: JournalRecord): JournalEntry => ({ type, data }) as JournalEntry; // the two belong together in the record
