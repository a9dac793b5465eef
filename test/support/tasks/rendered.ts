// How GitHub would read our Markdown: marked's tokens (GitHub Flavored Markdown), and what would come alive in the text outside code.
import { marked, type Token, type Tokens } from 'marked';

/** All tokens, depth first. */
export function tokensOf(markdown: string): Token[] {
  const found: Token[] = [];
  // marked's callback may return anything; only the visit counts.
  void marked.walkTokens(marked.lexer(markdown, { gfm: true }), (token) => void found.push(token));
  return found;
}

const isLink = (token: Token): token is Tokens.Link => token.type === 'link';
const isCell = (token: Token): token is Tokens.Table => token.type === 'table';

/** Targets of all links, written out or found by themselves. */
export const linksIn = (markdown: string): string[] =>
  tokensOf(markdown)
    .filter(isLink)
    .map(({ href }) => href);

/** Raw HTML that is no comment. */
export const htmlIn = (markdown: string): string[] =>
  tokensOf(markdown)
    .filter(({ type }) => type === 'html')
    .map(({ raw }) => raw.replaceAll(/<!--[\s\S]*?-->/g, '').trim())
    .filter((raw) => raw !== '');

/** The shape of a text: its blocks in order, with a list's length and a table's columns and rows. */
export const shapeOf = (markdown: string): string[] =>
  marked
    .lexer(markdown, { gfm: true })
    .filter(({ type }) => type !== 'space')
    .map((token) => {
      if (isCell(token)) return `table ${token.header.length}×${token.rows.length}`;
      return token.type === 'list' ? `list ${(token as Tokens.List).items.length}` : token.type; // its type says so
    });

/** The contents of all code, inline and in blocks, as a reader sees them. */
export const codeIn = (markdown: string): string[] =>
  tokensOf(markdown)
    .filter((token): token is Tokens.Codespan | Tokens.Code => token.type === 'codespan' || token.type === 'code')
    .map(({ text }) => text);

/** All rows of the first table, cell by cell, as a reader sees them. */
export function tableIn(markdown: string): string[][] {
  const table = tokensOf(markdown).find(isCell);
  const shown = ({ tokens }: Tokens.TableCell): string =>
    tokens.map((token) => ('text' in token ? String(token.text) : token.raw)).join('');
  return (table?.rows ?? []).map((row) => row.map(shown));
}
