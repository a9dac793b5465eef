// A folded journal as a person reads it: one line an event with time, states, duration, and what failed.
import { stripVTControlCharacters } from 'node:util';
import type { Failure } from '../events/failure.ts';
import type { JournalRecord } from '../events/journal-record.ts';
import { failureOfVerification } from '../events/verify-failure.ts';
import type { FoldedRecord } from './fold.ts';
import { disagrees } from './replay-fold.ts';

export type ReplayLine = {
  seq: number;
  /** Epoch milliseconds. */
  at: number;
  type: string;
  /** Empty before the first record. */
  before: string;
  after: string;
  /** The state that the record itself says it led to, where that is another one. */
  recorded?: string;
  /** Milliseconds that the step took, for the end of a step. */
  durationMs?: number;
  code?: string;
  message?: string;
  hint?: string;
};

export function replayLine(step: FoldedRecord): ReplayLine {
  const { record, before, after } = step;
  const { seq, at, type } = record;
  const failure = failureIn(record);
  return {
    seq,
    at,
    type,
    before,
    after,
    ...(disagrees(step) && record.state !== undefined && { recorded: record.state }),
    ...('durationMs' in record.data && { durationMs: record.data.durationMs }),
    ...(failure && { code: failure.code, message: failure.message, hint: failure.hint }),
  };
}

/** The whole run as text, ending with a line feed. */
export function replayText(records: readonly JournalRecord[], lines: readonly ReplayLine[]): string {
  const width = Math.max(0, ...lines.map(({ type }) => type.length));
  return `${replayHeading(records)}${lines.map((line) => lineText(line, width)).join('')}`;
}

/** What stands above the lines, with an empty line behind it. */
export function replayHeading([first]: readonly JournalRecord[]): string {
  return first?.type === 'task.accepted' ? headingOf(first.data.task) : '';
}

const headingOf = (task: { id: string; repository: string; issueNumber: number; title: string }): string =>
  `${task.id}  ${task.repository}#${task.issueNumber}  ${JSON.stringify(shown(task.title))}\n\n`;

/** One event, its type in a column of `width` characters. */
export function lineText(line: ReplayLine, width: number): string {
  const place = `${String(line.seq).padStart(4)}  ${new Date(line.at).toISOString()}  ${line.type.padEnd(width)}`;
  const states = line.before === line.after ? line.after : `${line.before === '' ? '·' : line.before} → ${line.after}`;
  const duration = line.durationMs === undefined ? '' : `  (${(line.durationMs / 1000).toFixed(1)} s)`;
  const recorded = line.recorded === undefined ? '' : `      recorded as leading to ${shown(line.recorded)}\n`;
  const failure =
    line.code === undefined ? '' : `      ${line.code}: ${shown(line.message)}\n      hint: ${shown(line.hint)}\n`;
  return `${place}  ${states}${duration}\n${recorded}${failure}`;
}

/** Messages quote what programs printed, and a terminal acts upon some of that; further lines stand below the first. */
const shown = (text = ''): string =>
  stripVTControlCharacters(text)
    .replaceAll(/(?!\n)[\p{Cc}\p{Cf}]/gu, ' ')
    .trimEnd()
    .replaceAll('\n', '\n        ');

/** In one line. */
export const shownLine = (text: string): string => shown(text).replaceAll(/\s+/g, ' ');

function failureIn(record: JournalRecord): Failure | undefined {
  if (record.type === 'verify.failed') return failureOfVerification(record.data);
  if ('gaveUp' in record.data) return record.data.gaveUp;
  return 'retryable' in record.data ? record.data : undefined;
}
