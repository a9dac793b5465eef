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

export type TableLook = {
  /** Marks the first line. */
  heading: (text: string) => string;
  /** Characters that a line of the terminal takes; none are counted for a pipe. */
  columns?: number | undefined;
};

/** Ends with a line feed. On a terminal too narrow for the table each task has two lines. */
export function taskTable(rows: readonly TaskRow[], { heading, columns: width = Infinity }: TableLook): string {
  const cells = rows.map(cellsOf);
  const widths = columns.map((name, index) => Math.max(name.length, ...cells.map((row) => row[index]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd();
  const lines = [columns, ...cells].map(line);
  if (lines.some(({ length }) => length > width)) return cells.map(twoLines).join('');
  return lines.map((text, index) => `${index === 0 ? heading(text) : text}\n`).join('');
}

/** The issue's name is left out: the task's id begins with it. */
function twoLines([id = '', , state = '', since = '', fixes = '', failure = '']: string[]): string {
  const counted = fixes === '1' ? '1 fix' : `${fixes} fixes`;
  const facts = [state, `since ${since}`, ...(fixes === '0' ? [] : [counted]), ...(failure === '' ? [] : [failure])];
  return `${id}\n  ${facts.join(', ')}\n`;
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
  return [id, issue, where, instantOf(since), String(fixes), failure ? shownLine(failure.code) : ''];
}

/** Down to the minute, as people read it, in UTC; `--json` has the milliseconds. */
const instantOf = (ms: number): string => new Date(ms).toISOString().replace(/:\d\d\.\d+Z$/, 'Z');
