// Text in a terminal: how many columns it takes, and where it is broken. Pieces keep their colours, which take none.
import { stripVTControlCharacters } from 'node:util';

/** Text in one style, for example `styleText('bold', …)`. */
export type Piece = {
  text: string;
  style: (text: string) => string;
  /** Not broken where a line of its own can hold it, so that a command can be copied. */
  whole?: true;
};

/** Characters of two columns: Chinese, Japanese and Korean ones with their punctuation, full-width forms, emoji (Unicode, UAX #11 and #51). */
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\u30fb-\u30ff\uff01-\uff60\p{Emoji_Presentation}]/u;
/** Characters of none: marks that go on the one before, and what only controls others. */
const none = /[\p{M}\p{Cf}]/u;
/** What a line may end with: blanks, a wide character with the closing marks behind it, or a word. */
const breakable = new RegExp(`\\s+|${wide.source}[、。，．：；！？）」』】・ー]*|(?:(?!${wide.source})\\S)+`, 'gu');

export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of stripVTControlCharacters(text)) {
    if (!none.test(character)) columns += wide.test(character) ? 2 : 1;
  }
  return columns;
}

/** The pieces in lines of at most `columns`; a line feed in them ends a line. What is longer than a line is cut. */
export function wrapped(pieces: readonly Piece[], columns: number): string[] {
  const lines: string[] = [''];
  let used = 0;
  const add = (text: string, style: Piece['style']): void => {
    lines[lines.length - 1] += style(text);
    used += columnsOf(text);
  };
  const feed = (): void => {
    lines.push('');
    used = 0;
  };
  for (const { text, style, whole } of pieces) {
    const fits = whole === true && columnsOf(text) <= columns;
    for (const [part] of fits ? [[text]] : text.matchAll(breakable)) {
      if (part.includes('\n')) feed();
      else if (/^\s/.test(part)) add(used === 0 || used >= columns ? '' : ' ', style);
      else {
        for (const cut of cutTo(part, columns)) {
          if (used > 0 && used + columnsOf(cut) > columns) feed();
          add(cut, style);
        }
      }
    }
  }
  return lines.map((line) => line.replace(/ +$/, ''));
}

/** Parts of at most `columns`. */
function cutTo(word: string, columns: number): string[] {
  const parts = [''];
  for (const character of word) {
    const last = parts.length - 1;
    if (columnsOf(`${parts[last] ?? ''}${character}`) > columns) parts.push(character);
    else parts[last] += character;
  }
  return parts;
}

/** With blanks up to `columns`. */
export const padded = (text: string, columns: number): string =>
  `${text}${' '.repeat(Math.max(0, columns - columnsOf(text)))}`;
