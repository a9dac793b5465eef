// The text in our own: it may be read, but not mention people, close issues, link or break the layout.

const zeroWidthSpace = '\u200B';

/** One line of plain text that GitHub renders as it stands: no mention, reference, closing keyword, link, markup or HTML comes alive. */
export function inert(text: string): string {
  return oneLine(text)
    .replaceAll(/(?<=[@#])/g, zeroWidthSpace)
    .replaceAll(/\b(GH)-(?=\d)/gi, `$1${zeroWidthSpace}-`)
    .replaceAll('://', `:${zeroWidthSpace}//`)
    .replaceAll(/\bwww\./gi, `www${zeroWidthSpace}.`);
}

/** Inline code that shows `text` in one line, whatever back-ticks it has (CommonMark 0.31, section 6.1). */
export function inlineCode(text: string): string {
  const line = oneLine(text);
  const fence = '`'.repeat(longestRun(line) + 1);
  const padded = line.startsWith('`') || line.endsWith('`') || line === '' ? ` ${line} ` : line;
  return `${fence}${padded}${fence}`;
}

/** A fenced block that shows `text`, whatever fences it has (CommonMark 0.31, section 4.5). */
export function codeBlock(text: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}text\n${text.replaceAll('\r', '').trimEnd()}\n${fence}`;
}

/** In a table cell a pipe ends the cell, also inside code (GitHub Flavored Markdown, tables extension). */
export const tableCode = (text: string): string => inlineCode(text).replaceAll('|', String.raw`\|`);

// Control and formatting characters (Unicode Cc, Cf, Zl, Zp) can hide or reorder text.
const oneLine = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

const longestRun = (text: string): number => Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
