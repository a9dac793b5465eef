// Tasks as a table for a terminal: one line each, the ended ones below the others.
import { shownLine } from '../../machines/replay.ts';

export type TaskRow = {
  id: string;
  /** `owner/repo#12`; empty when the journal cannot be read. */
  issue: string;
  title: string;
  state: string;
  suspended: boolean;
  waitsForMessage: boolean;
  /** Epoch milliseconds. */
  since: number;
  fixes: number;
  failure: { code: string; message: string } | null;
  journal: string;
  ended: boolean;
  /** Its cancellation is asked for, and not done yet. */
  cancelling: boolean;
};

const columns = ['task', 'issue', 'state', 'since', 'fixes', 'last failure'] as const;

/** Ends with a line feed. `heading` marks the first line. */
export function taskTable(rows: readonly TaskRow[], heading: (text: string) => string): string {
  const cells = rows.map(cellsOf);
  const widths = columns.map((name, index) => Math.max(name.length, ...cells.map((row) => row[index]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd();
  return `${heading(line(columns))}\n${cells.map((row) => `${line(row)}\n`).join('')}`;
}

function cellsOf({
  id,
  issue,
  state,
  suspended,
  waitsForMessage,
  since,
  fixes,
  failure,
  cancelling,
}: TaskRow): string[] {
  const waiting = waitsForMessage ? ['waits for its message'] : suspended ? ['suspended'] : [];
  const notes = [...waiting, ...(cancelling ? ['to be cancelled'] : [])];
  const where = notes.length === 0 ? state : `${state} (${notes.join(', ')})`;
  return [id, issue, where, new Date(since).toISOString(), String(fixes), failure ? shownLine(failure.code) : ''];
}
