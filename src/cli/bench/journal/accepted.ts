// Tasks that are accepted and not begun: with their journal on disk, and without one for the comparison.
import { access, readFile, rm } from 'node:fs/promises';
import { delivery, issueTask, limits } from '../../../../test/support/tasks/facts.ts';
import type { JournalEntry, JournalRecord } from '../../../events/journal-record.ts';
import type { Journal } from '../../../services/journal/journal.ts';
import type { RunJournal } from '../../../worker/run-task.ts';
import type { StateDirectory } from '../../../worker/state-directory.ts';

const accepted = (id: string): JournalEntry => ({
  type: 'task.accepted',
  data: { task: { ...issueTask, id }, limits, delivery },
});
const idOf = (index: number): string => `acme-shop-12-${String(index).padStart(10, '0')}`;

/** `count` new journals, open and on disk. */
export async function acceptedOnDisk(state: StateDirectory, count: number): Promise<Journal[]> {
  const journals: Journal[] = [];
  for (let index = 0; index < count; index += 1) {
    const journal = await state.createJournal(idOf(index));
    journal.append(accepted(idOf(index)), 'cloning');
    await journal.flushed();
    journals.push(journal);
  }
  return journals;
}

/** Closes and removes them. The lines of the first, as they stood on disk. */
export async function closed(journals: readonly Journal[]): Promise<Buffer[]> {
  const [first] = journals;
  if (!first) throw new Error('There is no journal.');
  const text = await readFile(first.path, 'utf8');
  for (const journal of journals) {
    await journal.close();
    await rm(journal.path);
  }
  return text.split(/(?<=\n)/).map((line) => Buffer.from(line));
}

/** The same tasks without a journal: nothing is encoded or written, and instead of the disk each step waits for one look at `folder`. */
export const withoutJournal = (folder: string, count: number): RunJournal[] =>
  Array.from({ length: count }, (_, index) => {
    const records: JournalRecord[] = [];
    const append: RunJournal['append'] = (entry, state) => {
      const place = { v: 1, seq: records.length + 1, at: Date.now(), task: idOf(index) } as const;
      const record = { ...place, ...entry, ...(state !== undefined && { state }) };
      records.push(record);
      return record;
    };
    append(accepted(idOf(index)), 'cloning');
    return { records, append, flushed: () => access(folder) };
  });
