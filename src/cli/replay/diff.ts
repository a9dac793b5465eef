// `replay --diff A B`: prints where two runs part, and what differs there.
import { partingOf, moves, type Parting } from '../../machines/replay-diff.ts';
import type { FoldedRecord } from '../../machines/fold.ts';
import { shownLine } from '../../machines/replay.ts';

const valueMaxChars = 100;

/** The text or JSON line, and whether the runs part. */
export function diffText(
  a: readonly FoldedRecord[],
  b: readonly FoldedRecord[],
  json: boolean,
): { text: string; part: boolean } {
  const parting = partingOf(a, b);
  const part = parting !== undefined;
  const alike = parting?.alike ?? a.filter(moves).length;
  if (json) return { text: `${JSON.stringify({ alike, parting: parting ?? null })}\n`, part };
  if (!part) return { text: `The runs do not part: ${alike} events alike.\n`, part };
  return { text: `${alike} events alike, then the runs part:\n${sides(parting)}${facts(parting)}`, part };
}

function sides({ a, b }: Parting): string {
  const side = (name: string, event: Parting['a']): string =>
    event
      ? `  ${name}  ${String(event.seq).padStart(4)}  ${event.type}  ${event.before || '·'} → ${event.after}\n`
      : `  ${name}  has ended, or goes no further\n`;
  return `${side('A', a)}${side('B', b)}`;
}

const facts = ({ facts: found }: Parting): string =>
  found.map(({ fact, a, b }) => `      ${fact}: ${shownValue(a)} | ${shownValue(b)}\n`).join('');

function shownValue(value: unknown): string {
  const text = value === undefined ? '·' : shownLine(JSON.stringify(value));
  return text.length > valueMaxChars ? `${text.slice(0, valueMaxChars)}…` : text;
}
