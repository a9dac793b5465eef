// A table in a terminal: as wide as its cells ask for, and within the columns that there are, its widest columns broken into lines.
import { styleText } from 'node:util';
import { columnsOf, padded, wrapped, type Piece } from './terminal-text.ts';

/** Left, between and right of the cells: `│ a │ b │`. */
const frameColumns = (cells: number): number => 3 * cells + 1;
/** Narrower, a column could not be read. */
const columnMin = 6;

/** The first row is the head. Every row has as many cells. */
export function tableLines(rows: readonly (readonly (readonly Piece[])[])[], columns: number): string[] {
  const widths = fitted(naturalWidths(rows), columns - frameColumns(rows[0]?.length ?? 0));
  const rule = (left: string, middle: string, right: string): string =>
    styleText('dim', `${left}${widths.map((width) => '─'.repeat(width + 2)).join(middle)}${right}`);
  const [head = [], ...body] = rows.map((row) => rowLines(row, widths));
  return [rule('┌', '┬', '┐'), ...head, rule('├', '┼', '┤'), ...body.flat(), rule('└', '┴', '┘')];
}

function naturalWidths(rows: readonly (readonly (readonly Piece[])[])[]): number[] {
  const widthOf = (cell: readonly Piece[]): number => columnsOf(cell.map(({ text }) => text).join(''));
  return (rows[0] ?? []).map((_, column) => Math.max(1, ...rows.map((row) => widthOf(row[column] ?? []))));
}

/** The widest gives way first. */
function fitted(widths: number[], room: number): number[] {
  const fitting = [...widths];
  const total = (): number => fitting.reduce((sum, width) => sum + width, 0);
  while (total() > room && Math.max(...fitting) > columnMin) {
    const widest = fitting.indexOf(Math.max(...fitting));
    fitting[widest] = (fitting[widest] ?? 0) - 1;
  }
  return fitting;
}

function rowLines(row: readonly (readonly Piece[])[], widths: readonly number[]): string[] {
  const cells = row.map((cell, column) => wrapped(cell, widths[column] ?? columnMin));
  const bar = styleText('dim', '│');
  return Array.from({ length: Math.max(...cells.map(({ length }) => length)) }, (_, line) => {
    const shown = cells.map((cell, column) => ` ${padded(cell[line] ?? '', widths[column] ?? columnMin)} `);
    return `${bar}${shown.join(bar)}${bar}`;
  });
}
