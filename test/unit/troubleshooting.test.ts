// docs/troubleshooting.md and the catalogue of failures say the same: every code once, whether it is tried again, and both hints.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { failureCatalogue } from '../../src/events/failure-codes.ts';

const page = fileURLToPath(new URL('../../docs/troubleshooting.md', import.meta.url));

type Section = { code: string; meaning: string; tried: string; en: string; ja: string };

/** A code's section is its heading, a paragraph on what happened, and two list items. */
function sectionsOf(text: string): Section[] {
  return text
    .split(/^### /m)
    .slice(1)
    .map((section) => {
      const [code = '', meaning = '', hints = ''] = section.split('\n\n');
      const [, tried = '', en = '', ja = ''] = /^- \*\*(.+?)\.\*\* (.+)\n- (.+)$/.exec(hints.trimEnd()) ?? [];
      return { code, meaning, tried, en, ja };
    });
}

const sections = sectionsOf(await readFile(page, 'utf8'));

test('every code of the catalogue is explained once, and no other', () => {
  expect(sections.map(({ code }) => code).toSorted()).toEqual(Object.keys(failureCatalogue).toSorted());
});

test('the page says of each code what the code says: tried again or not, and the hint in both languages', () => {
  const said = Object.fromEntries(sections.map(({ code, tried, en, ja }) => [code, { tried, en, ja }]));
  const meant = Object.entries(failureCatalogue).map(([code, { retryable, hint }]) => [
    code,
    { tried: retryable ? 'Tried again' : 'Not tried again', en: hint.en, ja: hint.ja },
  ]);
  expect(said).toEqual(Object.fromEntries(meant));
});

test('each section says in whole sentences what happened', () => {
  expect(sections.filter(({ meaning }) => !/^[A-Z“‘`].{20,}\.$/su.test(meaning)).map(({ code }) => code)).toEqual([]);
});

test('the page mentions no code that does not exist', async () => {
  const mentioned = (await readFile(page, 'utf8')).match(/CW-[A-Z]+(?:-[A-Z]+)+/g) ?? [];
  expect(mentioned.filter((code) => !(code in failureCatalogue))).toEqual([]);
});
