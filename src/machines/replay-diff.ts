// Where two runs part: the first event that is another one, leads elsewhere, or brought other facts. What no two runs share is not compared.
import type { FoldedRecord } from './fold.ts';

export type FactDifference = { fact: string; a: unknown; b: unknown };
type Event = { seq: number; type: string; before: string; after: string };

export type Parting = {
  /** Events before it, in which the runs are alike. */
  alike: number;
  /** Missing when the run ended before. */
  a?: Event;
  b?: Event;
  facts: FactDifference[];
};

/** Undefined when the runs do not part. Claims, receipts, suspensions and repairs are no events of the run, and are passed over. */
export function partingOf(a: readonly FoldedRecord[], b: readonly FoldedRecord[]): Parting | undefined {
  const [first, second] = [a.filter(moves), b.filter(moves)];
  for (let index = 0; index < Math.max(first.length, second.length); index += 1) {
    const [left, right] = [first[index], second[index]];
    const facts = left && right ? differences(left, right) : [];
    if (left && right && left.record.type === right.record.type && left.after === right.after && facts.length === 0) {
      continue;
    }
    return { alike: index, ...(left && { a: eventOf(left) }), ...(right && { b: eventOf(right) }), facts };
  }
  return undefined;
}

/** Events of the run: all that the machine knows lead from one state to another. */
export const moves = ({ before, after }: FoldedRecord): boolean => before !== after;

const eventOf = ({ record: { seq, type }, before, after }: FoldedRecord): Event => ({ seq, type, before, after });

function differences(left: FoldedRecord, right: FoldedRecord): FactDifference[] {
  const [a, b] = [factsOf(left.record.data), factsOf(right.record.data)];
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((fact) => a.get(fact) !== b.get(fact))
    .map((fact) => ({ fact, a: a.get(fact), b: b.get(fact) }));
}

/** Instants, lengths of time, names that are given anew each time, and output, which has such things in it. */
const ofOneRun =
  /(^|\.)(at|durationMs|sha256|outputTail|hint)$|^(head|commit|task\.(id|createdAt)|pullRequest\.(number|url)|comment\.(id|url))$|^(delivery|bundle)\./;

/** Every plain value in it, by its path. */
function factsOf(data: object): Map<string, unknown> {
  const facts = new Map<string, unknown>();
  const visit = (value: unknown, path: string): void => {
    if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) visit(inner, path === '' ? key : `${path}.${key}`);
    } else if (!ofOneRun.test(path)) facts.set(path, value);
  };
  visit(data, '');
  return facts;
}
