// A journal held against today's machine: how far it can be followed, and where the machine goes another way than the run went.
import { coded, CodedError } from '../events/failure.ts';
import type { JournalRecord } from '../events/journal-record.ts';
import { fold, type FoldedRecord } from './fold.ts';

export type Replayed = {
  /** Up to the end, or to the first record that today's machine refuses. */
  steps: FoldedRecord[];
  /** Why it is not the run that was recorded: `CW-JOURNAL-DISAGREES`, or what `fold` says of the record that it refuses. */
  problem?: CodedError;
};

/** Never throws for what stands in a journal. */
export function replayed(records: readonly JournalRecord[]): Replayed {
  const { steps, problem } = asFarAsPossible(records);
  const parted = steps.find(disagrees);
  const refused = parted ? disagreement(parted) : problem;
  return { steps, ...(refused && { problem: refused }) };
}

/** The record says that it led to another state than it leads to today. */
export const disagrees = ({ record, after }: FoldedRecord): boolean =>
  record.state !== undefined && record.state !== after;

function asFarAsPossible(records: readonly JournalRecord[]): Replayed {
  let problem: CodedError | undefined;
  for (let kept = records.length; kept > 0 || problem === undefined; kept -= 1) {
    try {
      return { steps: fold(records.slice(0, kept)).steps, ...(problem && { problem }) };
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      problem ??= error;
    }
  }
  return { steps: [], ...(problem && { problem }) };
}

const disagreement = ({ record, after }: FoldedRecord): CodedError =>
  coded(
    'CW-JOURNAL-DISAGREES',
    `Record ${record.seq} (${record.type}) led to ${record.state} when it was written; today it leads to ${after}.`,
  );
