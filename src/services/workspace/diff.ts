// The change between two commits as text for a person or a model, bounded.
import type { Git } from './git.ts';

const cutNote = '… the rest of the diff is left out\n';

/** At most `maxChars` characters, cut at the end of a line with a note. No external diff programs or text conversions run. */
export async function diffText(
  git: Git,
  store: string,
  facts: { base: string; head: string; maxChars: number },
  signal: AbortSignal,
): Promise<string> {
  const args = ['diff', '--no-color', '--no-ext-diff', '--no-textconv', facts.base, facts.head, '--'];
  // A character takes four bytes of UTF-8 at most.
  const text = git.mask(await git.run({ args, store, enoughBytes: facts.maxChars * 4 }, signal));
  if (text.length <= facts.maxChars) return text;
  const room = text.slice(0, Math.max(0, facts.maxChars - cutNote.length));
  return `${room.slice(0, room.lastIndexOf('\n') + 1)}${cutNote}`.slice(0, facts.maxChars);
}
