// A folded journal as a person reads it: one line an event with time, states, duration, and what failed.
import { stripVTControlCharacters } from 'node:util';
import type { Failure } from '../events/failure.ts';
import type { JournalRecord } from '../events/journal-record.ts';
import { failureOfVerification } from '../events/verify-failure.ts';
import type { FoldedRecord } from './fold.ts';

export type ReplayLine = {
  seq: number;
  /** Epoch milliseconds. */
  at: number;
  type: string;
  /** Empty before the first record. */
  before: string;
  after: string;
  /** Milliseconds that the step took, for the end of a step. */
  durationMs?: number;
  code?: string;
  message?: string;
  hint?: string;
};

export function replayLine({ record, before, after }: FoldedRecord): ReplayLine {
  const { seq, at, type } = record;
  const failure = failureIn(record);
  return {
    seq,
    at,
    type,
    before,
    after,
    ...('durationMs' in record.data && { durationMs: record.data.durationMs }),
    ...(failure && { code: failure.code, message: failure.message, hint: failure.hint }),
  };
}

/** The whole run as text, ending with a line feed. */
export function replayText(records: readonly JournalRecord[], lines: readonly ReplayLine[]): string {
  const [first] = records;
  const heading = first?.type === 'task.accepted' ? headingOf(first.data.task) : '';
  const width = Math.max(0, ...lines.map(({ type }) => type.length));
  return `${heading}${lines.map((line) => textOf(line, width)).join('')}`;
}

const headingOf = (task: { id: string; repository: string; issueNumber: number; title: string }): string =>
  `${task.id}  ${task.repository}#${task.issueNumber}  ${JSON.stringify(shown(task.title))}\n\n`;

function textOf(line: ReplayLine, width: number): string {
  const place = `${String(line.seq).padStart(4)}  ${new Date(line.at).toISOString()}  ${line.type.padEnd(width)}`;
  const states = line.before === line.after ? line.after : `${line.before === '' ? '·' : line.before} → ${line.after}`;
  const duration = line.durationMs === undefined ? '' : `  (${(line.durationMs / 1000).toFixed(1)} s)`;
  const failure =
    line.code === undefined ? '' : `      ${line.code}: ${shown(line.message)}\n      hint: ${shown(line.hint)}\n`;
  return `${place}  ${states}${duration}\n${failure}`;
}

/** Messages quote what programs printed, and a terminal acts upon some of that; further lines stand below the first. */
const shown = (text = ''): string =>
  stripVTControlCharacters(text)
    .replaceAll(/(?!\n)[\p{Cc}\p{Cf}]/gu, ' ')
    .trimEnd()
    .replaceAll('\n', '\n        ');

function failureIn(record: JournalRecord): Failure | undefined {
  if (record.type === 'verify.failed') return failureOfVerification(record.data);
  return 'retryable' in record.data ? record.data : undefined;
}
