// What a stranger wrote is read and nothing more: no mention, closing, link, markup or broken layout, judged by a Markdown parser.
import { describe, expect, it } from 'vitest';
import { commentMaxChars, titleMaxChars } from '../../src/events/bounds.ts';
import { explanation } from '../../src/worker/texts/explanation.ts';
import { phrases, type Locale } from '../../src/worker/texts/phrases.ts';
import { pullRequestBody, pullRequestTitle } from '../../src/worker/texts/pull-request.ts';
import { codeBlock, inert, inlineCode, tableCode } from '../../src/worker/texts/quote.ts';
import { closedIssues, mentions } from '../support/github/references.ts';
import { changed, failure, issueTask, step, verified } from '../support/tasks/facts.ts';
import { hostileTexts } from '../support/tasks/hostile.ts';
import { codeIn, htmlIn, linksIn, shapeOf, tableIn } from '../support/tasks/rendered.ts';

const marker = '<!-- codingworker task=acme-shop-12-3f9a1c02d4 step=report -->';

const bodyWith = (text: string, locale: Locale): string =>
  pullRequestBody(
    {
      task: { ...issueTask, title: text, body: text },
      change: { ...changed(), files: [text, 'src/cart.js'] },
      verification: {
        ...verified(),
        notOffered: [],
        steps: [step({ command: text }), step({ kind: 'lint', command: text })],
      },
      fixes: 1,
      workerId: text,
    },
    locale,
  );

const explanationWith = (text: string, locale: Locale): string => {
  const evidence = { command: text, exitCode: 1, outputTail: text };
  const failed = { ...failure('CW-VERIFY-TEST'), message: text, evidence };
  return explanation(
    { task: { ...issueTask, title: text }, failure: failed, fixes: 3, workerId: text, marker },
    locale,
  );
};

/** Printable, for the report. */
const nameOf = (text: string): string =>
  JSON.stringify(text)
    .replaceAll(/[^ -~]/g, '?')
    .slice(0, 60);
const locales: readonly Locale[] = ['en', 'ja'];
const cases = hostileTexts.flatMap((text) => locales.map((locale) => ({ text, locale, name: nameOf(text) })));

describe('a pull request’s body', () => {
  it.each(cases)('holds $name as text ($locale)', ({ text, locale }) => {
    const body = bodyWith(text, locale);
    expect(closedIssues(body, issueTask.repository)).toEqual([issueTask.issueNumber]);
    expect(mentions(body)).toEqual([]);
    expect(linksIn(body)).toEqual([]);
    expect(htmlIn(body)).toEqual([]);
    expect(shapeOf(body)).toEqual(shapeOf(bodyWith('plain', locale)));
    expect(tableIn(body)).toHaveLength(2);
    for (const row of tableIn(body)) expect(row.slice(1)).toEqual(['0', phrases[locale].seconds('0.0')]);
    expect(body.length).toBeLessThanOrEqual(commentMaxChars);
    expect(body.isWellFormed()).toBe(true);
  });
});

describe('an explanation', () => {
  it.each(cases)('holds $name as text ($locale)', ({ text, locale }) => {
    const comment = explanationWith(text, locale);
    expect(closedIssues(comment, issueTask.repository)).toEqual([]);
    expect(mentions(comment)).toEqual([]);
    expect(linksIn(comment)).toEqual([]);
    expect(htmlIn(comment)).toEqual([]);
    expect(comment.startsWith(`${marker}\n\n### `)).toBe(true);
    const plain = explanationWith(/^[\s\p{Cc}\p{Cf}]*$/u.test(text) ? ' ' : 'plain', locale);
    expect(shapeOf(comment)).toEqual(shapeOf(plain));
    expect(comment.length).toBeLessThanOrEqual(commentMaxChars);
  });

  it.each([
    ['plain text', 'x'],
    ['back-ticks', '`'],
    ['tildes', '~'],
    ['lines', '\n```\n~~~~\n'],
    ['emoji', '🚀'],
  ])('fits into a comment whatever it quotes: %s without end', (_, unit) => {
    for (const length of [2_000, 50_000, 70_000, 300_000]) {
      const comment = explanationWith(unit.repeat(length / unit.length), 'ja');
      expect(comment.length).toBeLessThanOrEqual(commentMaxChars);
      expect(shapeOf(comment).slice(-3)).toEqual(['code', 'hr', 'paragraph']);
    }
  });

  it('shows the end of an output that is too long, not its beginning', () => {
    const comment = explanationWith(`${'first\n'.repeat(20_000)}the last line`, 'en');
    const shown = codeIn(comment).find((code) => code.includes('the last line') && code.includes('\n'));
    expect(shown).toMatch(/^\(earlier output left out\)\n/);
  });
});

describe('a pull request’s title', () => {
  it.each(hostileTexts.map((text) => ({ text, name: nameOf(text) })))(
    'made of $name closes and mentions nothing but its issue’s number',
    ({ text }) => {
      const title = pullRequestTitle({ ...issueTask, title: text });
      const said = title.slice(0, -` (#${issueTask.issueNumber})`.length);
      for (const spoken of [said, inert(text)]) {
        expect(closedIssues(spoken, issueTask.repository)).toEqual([]);
        expect(mentions(spoken)).toEqual([]);
        expect(spoken).not.toMatch(/#\d|gh-\d|:\/\/|www\.|\[(skip|no|ci|actions)|no_ci/i);
        expect(spoken).not.toMatch(/[\n\r\u2028\u2029\u202E]/);
      }
      expect(title.length).toBeLessThanOrEqual(titleMaxChars);
      expect(title.endsWith(`(#${issueTask.issueNumber})`)).toBe(true);
      expect(title).toBe(title.trim());
      expect(title.isWellFormed()).toBe(true);
    },
  );
});

describe('quoting', () => {
  it('shows ordinary text exactly as it is', () => {
    for (const text of ['npm test', 'a `b` c', '``x``', '* [x](y) <b> &amp; \\n | #1 @x', '日本語']) {
      expect(codeIn(`Text ${inlineCode(text)} text`)).toEqual([text]);
      expect(codeIn(codeBlock(text))).toEqual([text]);
    }
    expect(codeIn(codeBlock('a\n\tb\n```\nc\n'))).toEqual(['a\n\tb\n```\nc']);
    expect(tableIn(`| a | b |\n| - | - |\n| ${tableCode('a | b')} | c |`)).toEqual([['a | b', 'c']]);
    expect(inert('Sort the CSV by “Name”: 3 × faster!')).toBe('Sort the CSV by “Name”: 3 × faster!');
  });

  it('says when it left something out', () => {
    expect(codeIn(inlineCode('x'.repeat(500)))).toEqual([`${'x'.repeat(199)}…`]);
  });
});
