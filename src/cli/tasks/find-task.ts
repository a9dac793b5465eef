// From a task's id to what its journal says, for the commands that ask something of a task. Reads only.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { coded } from '../../events/failure.ts';
import { summaryOf, type TaskSummary } from '../../machines/task-summary.ts';
import { readJournal } from '../../services/journal/read-journal.ts';
import type { StateDirectory } from '../../worker/state-directory.ts';
import { whatWasMeant } from './nearest-tasks.ts';

export type FoundTask = TaskSummary & {
  journal: string;
  /** In done/: nothing will happen to it any more. */
  ended: boolean;
};

/** Throws `CW-JOURNAL-NOT-FOUND`, and `CW-JOURNAL-CORRUPT` or `-VERSION` for a journal that cannot be read. */
export async function findTask(state: StateDirectory, id: string): Promise<FoundTask> {
  if (/^[a-z0-9-]+$/.test(id)) {
    if (await state.isSetAside(id)) throw coded('CW-JOURNAL-CORRUPT', `The journal of ${id} was set aside.`);
    if (await state.isActive(id)) {
      const found = await readTask(state.journal(id), false).catch(unlessGone);
      if (found) return found;
    }
    const ended = await state.findEnded(id);
    if (ended !== undefined) return readTask(ended, true);
  }
  const meant = await whatWasMeant(state, id);
  throw coded('CW-JOURNAL-NOT-FOUND', `${state.root} has no task ${JSON.stringify(id)}.${meant}`);
}

/** What the journal at `journal` says; a record that is just being written does not count yet. */
export async function readTask(journal: string, ended: boolean): Promise<FoundTask> {
  const { records, completed } = readJournal(await readFile(journal), basename(journal));
  return { ...summaryOf(completed ? [...records, completed] : records), journal, ended };
}

/** Its task has just ended, and the journal moved to done/. */
export function unlessGone(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
