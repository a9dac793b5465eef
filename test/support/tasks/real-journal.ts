// A real journal on disk, written by the journal itself: the task that `walkToEnd` tells of.
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JournalEntry } from '../../../src/events/journal-record.ts';
import { Journal } from '../../../src/services/journal/journal.ts';
import { issueTask } from './facts.ts';
import { realMedium } from '../real-medium.ts';

/** A new folder for one test's journals; the caller removes it. */
export const journalFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'codingworker-journal-'));

/** Writes the entries to a new journal and returns its bytes. */
export async function writeJournal(path: string, entries: readonly JournalEntry[]): Promise<Buffer> {
  const journal = await Journal.create(realMedium, path, issueTask.id);
  for (const entry of entries) journal.append(entry);
  await journal.flushed();
  await journal.close();
  return readFile(path);
}
