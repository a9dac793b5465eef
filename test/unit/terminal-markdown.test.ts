// What the demo shows of a pull request fits the terminal, and reads as GitHub would lay it out.
import { describe, expect, it } from 'vitest';
import { terminalMarkdown } from '../../src/cli/demo/terminal-markdown.ts';
import { columnsOf } from '../../src/cli/demo/terminal-text.ts';
import { explanation } from '../../src/worker/texts/explanation.ts';
import type { Locale } from '../../src/worker/texts/phrases.ts';
import { pullRequestBody } from '../../src/worker/texts/pull-request.ts';
import { changed, failure, issueTask, step, verified } from '../support/tasks/facts.ts';
import { hostileTexts } from '../support/tasks/hostile.ts';

const locales: readonly Locale[] = ['en', 'ja'];
const linesOf = (shown: string): string[] => shown.split('\n');

const bodyWith = (text: string, locale: Locale): string =>
  pullRequestBody(
    {
      task: { ...issueTask, title: text },
      change: { ...changed(), files: [text, 'src/買い物かご.js'] },
      verification: { ...verified(), steps: [step({ command: 'npm run lint' }), step({ command: text })] },
      fixes: 1,
      workerId: 'workshop-1',
    },
    locale,
  );

describe.each(locales)('in %s', (locale) => {
  it.each([40, 76, 96])('no line is wider than %i columns, whatever a stranger wrote', (columns) => {
    for (const text of hostileTexts) {
      const tooWide = linesOf(terminalMarkdown(bodyWith(text, locale), columns)).filter((l) => columnsOf(l) > columns);
      expect(tooWide).toEqual([]);
    }
  });

  it('a table is a rectangle, with what its cells say', () => {
    const shown = linesOf(terminalMarkdown(bodyWith('npm run check -- --all', locale), 76));
    const table = shown.filter((line) => /^[┌├│└]/.test(line));
    expect(table).toHaveLength(6);
    expect(new Set(table.map(columnsOf)).size).toBe(1);
    expect(table[3]).toMatch(/│ `npm run lint` +│ 0 +│ 0\.0 (s|秒) +│/);
  });

  it('a check list has boxes, and a command that fits a line stands in one', () => {
    const shown = terminalMarkdown(bodyWith('x', locale), 76);
    expect(linesOf(shown).filter((line) => line.startsWith('☐ '))).toHaveLength(2);
    expect(shown).toContain(`\`npm run replay -- ${issueTask.id}\``);
    expect(shown).not.toMatch(/\*\*|\[ \]|^#|\| --- \|/m);
  });

  it('an explanation shows its output line by line, and its marker not at all', () => {
    const evidence = { command: 'npm test', exitCode: 1, outputTail: 'not ok 1\n  # indented\n' };
    const facts = { task: issueTask, failure: { ...failure('CW-VERIFY-TEST'), evidence }, fixes: 3 };
    const shown = terminalMarkdown(explanation({ ...facts, workerId: 'w', marker: '<!-- hidden -->' }, locale), 76);
    expect(shown).toContain('▏ not ok 1\n▏   # indented\n');
    expect(shown).not.toContain('hidden');
  });
});

it('breaks Japanese between characters, but begins no line with a closing mark', () => {
  const shown = linesOf(terminalMarkdown('失敗しました。失敗しました。失敗しました。', 14));
  expect(shown).toEqual(['失敗しました。', '失敗しました。', '失敗しました。']);
  expect(linesOf(terminalMarkdown('失敗しました。', 12))).toEqual(['失敗しまし', 'た。']);
});

it('shows a folded part under its summary, a quotation behind a bar, and a numbered list with its numbers', () => {
  const folded = '<details><summary>The log</summary>\n\ninside\n\n</details>\n\n> said\n\n3. c\n4. d';
  expect(linesOf(terminalMarkdown(folded, 40)).filter((line) => line !== '')).toEqual([
    '▾ The log',
    'inside',
    '┃ said',
    '3. c',
    '4. d',
  ]);
});

it('lets no control sequence of a stranger’s reach the terminal', () => {
  expect(terminalMarkdown('a \u001B[31mred\u001B]8;;https://example.org\u0007 b', 40)).not.toContain('\u001B');
});
