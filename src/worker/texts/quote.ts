// The text in our own: it may be read, but not mention people, close issues, link or break the layout.
import { stripVTControlCharacters } from 'node:util';
import { shownMaxChars } from '../../events/bounds.ts';

const zeroWidthSpace = '\u200B';

/**
 * One line for places that are no Markdown: titles and commit messages. No mention, reference, closing keyword or link comes alive in it,
 * and no instruction to skip CI (GitHub's documentation, "Skipping workflow runs").
 */
export function inert(text: string): string {
  return oneLine(text)
    .replaceAll(/(?<=[@#])/g, zeroWidthSpace)
    .replaceAll(/(gh)-(?=\d)/gi, `$1${zeroWidthSpace}-`)
    .replaceAll('://', `:${zeroWidthSpace}//`)
    .replaceAll(/(www)\./gi, `$1${zeroWidthSpace}.`)
    .replaceAll(/\[(?=\s*(?:skip|no|ci|actions)\b)/gi, `[${zeroWidthSpace}`)
    .replaceAll(/(no)_(?=ci)/gi, `$1${zeroWidthSpace}_`);
}

/** Text of at most `maxChars` characters (UTF-16 units), never ending in half of one. */
export const cut = (text: string, maxChars: number): string => text.slice(0, maxChars).replace(/[\uD800-\uDBFF]$/, '');

/** Inline code that shows `text` in one line, whatever back-ticks it has (CommonMark 0.31, section 6.1); what is over `maxChars` is left out. */
export function inlineCode(text: string, maxChars = shownMaxChars): string {
  const whole = oneLine(text);
  const line = whole.length > maxChars ? `${cut(whole, maxChars - 1)}…` : whole;
  const fence = '`'.repeat(longestRun(line) + 1);
  const padded = line.startsWith('`') || line.endsWith('`') || line === '' ? ` ${line} ` : line;
  return `${fence}${padded}${fence}`;
}

/** A fenced block that shows `text`, whatever fences it has (CommonMark 0.31, section 4.5), without what a terminal would act upon. */
export function codeBlock(text: string): string {
  const plain = printable(text).trimEnd();
  const fence = '`'.repeat(Math.max(3, longestRun(plain) + 1));
  return `${fence}text\n${plain}\n${fence}`;
}

/** Many lines without control sequences, control and formatting characters, but for line feeds and tabs. */
export const printable = (text: string): string =>
  stripVTControlCharacters(text)
    .replaceAll(/(?![\n\t])[\p{Cc}\p{Cf}]/gu, '')
    .toWellFormed();

/**
 * In a table cell a pipe ends the cell, also inside code, unless a backslash stands before it (GitHub Flavored Markdown, tables extension).
 * A backslash of the text's own before a pipe would escape that one, so a space comes between.
 */
export const tableCode = (text: string): string =>
  inlineCode(text)
    .replaceAll(/\\(?=\|)/g, '\\ ')
    .replaceAll('|', String.raw`\|`);

// Control and formatting characters (Unicode Cc, Cf, Zl, Zp) can hide or reorder text.
const oneLine = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .toWellFormed();

const longestRun = (text: string): number => Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
