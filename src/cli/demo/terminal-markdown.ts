// Markdown in a terminal, read by the parser that the stand-in's pages are made with: what GitHub shows as a table, a check list or a block is one here.
import { stripVTControlCharacters, styleText } from 'node:util';
import { marked, type MarkedToken, type Token, type Tokens } from 'marked';
import { tableLines } from './terminal-table.ts';
import { wrapped, type Piece } from './terminal-text.ts';

type Style = Piece['style'];
const plain: Style = (text) => text;
const bold: Style = (text) => styleText('bold', text);
const dim: Style = (text) => styleText('dim', text);
const cyan: Style = (text) => styleText('cyan', text);

/** Lines of at most `columns`, coloured if standard output takes colours. A comment shows nothing, as on GitHub. */
export function terminalMarkdown(markdown: string, columns: number): string {
  // GitHub breaks the lines of issues and pull requests where their authors do.
  const tokens = marked.lexer(stripVTControlCharacters(markdown), { gfm: true, breaks: true });
  return blocks(tokens, columns)
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}

// No extension of ours adds a kind of token.
const known = (tokens: readonly Token[]): readonly MarkedToken[] => tokens as readonly MarkedToken[];

const blocks = (tokens: readonly Token[], columns: number): string[] =>
  known(tokens).flatMap((token) => block(token, columns));

function block(token: MarkedToken, columns: number): string[] {
  switch (token.type) {
    case 'heading':
      return [
        '',
        ...wrapped(inline(token.tokens, bold), columns),
        ...(token.depth < 3 ? [dim('─'.repeat(columns))] : ['']),
        '',
      ];
    case 'paragraph':
      return [...wrapped(inline(token.tokens), columns), ''];
    case 'list':
      return [...token.items.flatMap((item, index) => listItem(item, token, index, columns)), ''];
    case 'table':
      return [...tableLines(cellsOf(token), columns), ''];
    case 'code':
      return [...token.text.split('\n').map((line) => `${dim('▏')} ${line}`), ''];
    case 'blockquote':
      return [...withoutEnd(blocks(token.tokens, columns - 2)).map((line) => `${dim('┃')} ${line}`), ''];
    case 'hr':
      return [dim('─'.repeat(columns)), ''];
    case 'html':
      return [...wrapped(shownHtml(token.text), columns), ''];
    case 'space':
      return [''];
    case 'br':
    case 'checkbox':
    case 'codespan':
    case 'def':
    case 'del':
    case 'em':
    case 'escape':
    case 'image':
    case 'link':
    case 'list_item':
    case 'strong':
    case 'text':
      return wrapped(inline([token]), columns);
  }
}

/** The blank lines behind the last block are left out. */
const withoutEnd = (lines: readonly string[]): string[] =>
  lines.slice(0, lines.findLastIndex((line) => line !== '') + 1);

function listItem(item: Tokens.ListItem, list: Tokens.List, index: number, columns: number): string[] {
  const mark = list.ordered ? `${(list.start || 1) + index}. ` : '• ';
  const box = item.task ? (item.checked === true ? '☑ ' : '☐ ') : mark;
  const lines = blocks(
    item.tokens.filter(({ type }) => type !== 'checkbox'),
    columns - box.length,
  );
  return lines.filter((line) => line !== '').map((line, at) => `${at === 0 ? box : ' '.repeat(box.length)}${line}`);
}

const cellsOf = ({ header, rows }: Tokens.Table): Piece[][][] => [
  header.map(({ tokens }) => inline(tokens, bold)),
  ...rows.map((row) => row.map(({ tokens }) => inline(tokens))),
];

/** A folded part is shown unfolded, under its summary. */
function shownHtml(html: string): Piece[] {
  const summary = /<summary>(.*?)<\/summary>/is.exec(html)?.[1];
  const text = (summary ?? html.replaceAll(/<!--.*?-->/gs, '')).replaceAll(/<[^>]*>/g, '').trim();
  return [{ text: summary === undefined ? text : `▾ ${text}`, style: summary === undefined ? plain : bold }];
}

/** Without colours the back-ticks stay, which say the same. */
const codeSpan = (text: string): Piece[] => [
  { text: cyan('x') === 'x' ? `\`${text}\`` : text, style: cyan, whole: true },
];

const inline = (tokens: readonly Token[], style: Style = plain): Piece[] =>
  known(tokens).flatMap((token): Piece[] => {
    switch (token.type) {
      case 'strong':
        return inline(token.tokens, bold);
      case 'em':
        return inline(token.tokens, (text) => styleText('italic', style(text)));
      case 'del':
        return inline(token.tokens, (text) => styleText('strikethrough', style(text)));
      case 'codespan':
        return codeSpan(token.text);
      case 'link':
        return inline(token.tokens, (text) => styleText('underline', style(text)));
      case 'br':
        return [{ text: '\n', style: plain }];
      case 'html':
        return shownHtml(token.text);
      case 'text':
        return token.tokens ? inline(token.tokens, style) : [{ text: token.text, style }];
      case 'escape':
      case 'image':
        return [{ text: token.text, style }];
      case 'blockquote':
      case 'checkbox':
      case 'code':
      case 'def':
      case 'heading':
      case 'hr':
      case 'list':
      case 'list_item':
      case 'paragraph':
      case 'space':
      case 'table':
        return [{ text: token.raw, style }];
    }
  });
