// The texts say what was observed, in both languages alike, and nothing that was not observed.
import { describe, expect, it } from 'vitest';
import { failureCatalogue, type FailureCode } from '../../src/events/failure-codes.ts';
import type { VerifyOutcome } from '../../src/events/outcomes.ts';
import { explanation } from '../../src/worker/texts/explanation.ts';
import { phrases, type Locale } from '../../src/worker/texts/phrases.ts';
import { pullRequestBody } from '../../src/worker/texts/pull-request.ts';
import { changed, failure, instant, issueTask, step, verified } from '../support/tasks/facts.ts';
import { codeIn, shapeOf, tableIn } from '../support/tasks/rendered.ts';

const locales: readonly Locale[] = ['en', 'ja'];

const bodyOf = (
  locale: Locale,
  facts: Partial<VerifyOutcome> = {},
  files = ['src/cart.js', 'test/cart.test.js'],
  deleted: string[] = [],
) =>
  pullRequestBody(
    {
      task: issueTask,
      change: { ...changed(), files, ...(deleted.length > 0 && { deleted }) },
      verification: { ...verified(), ...facts },
      fixes: 2,
      workerId: 'workshop-1',
    },
    locale,
  );

const failed = (evidence?: object) => ({ ...failure('CW-VERIFY-TEST'), ...(evidence && { evidence }) });
const explained = (locale: Locale, evidence?: object): string =>
  explanation(
    {
      task: issueTask,
      failure: failed(evidence) as ReturnType<typeof failure>,
      fixes: 3,
      workerId: 'workshop-1',
      marker: '<!-- m -->',
    },
    locale,
  );

const inEnglishUnits = (row: readonly string[]): string[] => row.map((cell) => cell.replace(/ 秒$/, ' s'));

/** A sentence with kana in it. */
const isJapanese = (line: string): boolean => /[ぁ-ん].*。/.test(line);

describe('both languages', () => {
  it('have the same phrases, none of them empty, none of them left in the other language', () => {
    const [en, ja] = [phrases.en, phrases.ja];
    expect(Object.keys(ja)).toEqual(Object.keys(en));
    expect(Object.keys(ja.checks)).toEqual(Object.keys(en.checks));
    const spoken = ({ checks, ...rest }: typeof en): string[] =>
      [...Object.values(rest), ...Object.values(checks)].map(String);
    for (const phrase of [...spoken(en), ...spoken(ja)]) expect(phrase).toMatch(/\S/);
    expect(spoken(en).filter((phrase) => spoken(ja).includes(phrase))).toEqual([]);
  });

  it('put the number or the names that a phrase is given into it', () => {
    for (const locale of locales) {
      const say = phrases[locale];
      expect([say.fixes(7), say.andMore(8)]).toEqual([expect.stringContaining('7'), expect.stringContaining('8')]);
      for (const phrase of [say.notOffered, say.idle]) expect(phrase('build, lint')).toContain('build, lint');
    }
  });

  it('leave no sentence of ours in English where all else is Japanese: what happened is told by its code, its message quoted', () => {
    const codes = Object.keys(failureCatalogue) as FailureCode[]; // its keys are the codes
    const inEnglish = codes.filter((code) => {
      const facts = { task: issueTask, failure: failure(code), fixes: 0, workerId: 'workshop-1', marker: '<!-- m -->' };
      const text = explanation(facts, 'ja').replaceAll(/`[^`]*`/g, '`…`');
      const told = text.split('\n').filter((line) => line.startsWith('- **'));
      return told.length !== 3 || !text.includes('元のメッセージ: `…`') || !told.slice(1).every(isJapanese);
    });
    expect(inEnglish).toEqual([]);
    const unverified = bodyOf('ja', verified('unverified'));
    expect(unverified).toContain('ビルド、lint、テスト');
    expect(bodyOf('ja')).toContain('0.0 秒');
  });

  it.each([
    ['a pull request', (locale: Locale) => bodyOf(locale)],
    ['an unverified one', (locale: Locale) => bodyOf(locale, verified('unverified'))],
    [
      'an explanation',
      (locale: Locale) => explained(locale, { command: 'npm test', exitCode: 1, outputTail: 'not ok' }),
    ],
    ['one without evidence', (locale: Locale) => explained(locale)],
  ])('give %s the same shape, code, numbers and links', (_, make) => {
    const [en, ja] = [make('en'), make('ja')];
    expect(shapeOf(ja)).toEqual(shapeOf(en));
    expect(codeIn(ja)).toEqual(codeIn(en));
    expect(tableIn(ja).map(inEnglishUnits)).toEqual(tableIn(en));
    expect(en.match(/#\d+|\d{4}-\d\d-\d\dT[\d:.]+Z/g)).toEqual(ja.match(/#\d+|\d{4}-\d\d-\d\dT[\d:.]+Z/g));
  });
});

describe.each(locales)('a pull request’s body (%s)', (locale) => {
  const say = phrases[locale];

  it('states the template’s facts and what was observed', () => {
    const body = bodyOf(locale, { at: instant });
    for (const fact of [
      'Closes #12',
      'workshop-1',
      'none',
      'Stub 1',
      '2026-11-01T09:00:00.000Z',
      verified().commit,
      say.fixes(2),
      issueTask.id,
    ]) {
      expect(body).toContain(fact);
    }
    expect(tableIn(body).map(inEnglishUnits)).toEqual([['npm test', '0', '0.0 s']]);
    expect(codeIn(body)).toContain(`npm run replay -- ${issueTask.id}`);
    expect(body).toContain(`- [ ] ${say.checks.code}\n- [ ] ${say.checks.tests}\n`);
    expect(body).toContain(say.notOffered(say.kinds(['build', 'lint'])));
  });

  it('says that nothing was verified when nothing was', () => {
    const body = bodyOf(locale, verified('unverified'));
    expect(body).toContain(`**${say.nothingVerified}**`);
    expect(body).toContain(say.notOffered(say.kinds(['build', 'lint', 'test'])));
    expect(bodyOf(locale)).not.toContain(say.nothingVerified);
  });

  it('never lets a run without a test read as passed, whatever its exit status', () => {
    const steps = [step({ kind: 'build', command: 'make' }), step({ command: 'pytest', exitCode: 5, idle: true })];
    const body = bodyOf(locale, { steps, notOffered: ['lint', 'test'] });
    expect(tableIn(body).map(inEnglishUnits)).toEqual([
      ['make', '0', '0.0 s'],
      ['pytest', `5 (${say.nothingToDo})`, '0.0 s'],
    ]);
    expect(body).toContain(say.idle(say.kinds(['test'])));
    expect(body).toContain(say.notOffered(say.kinds(['lint'])));
  });

  it('marks the idle one of two commands of a kind, and counts the other', () => {
    const steps = [step({ idle: true }), step({ command: 'go test ./...' })];
    const body = bodyOf(locale, { steps, notOffered: ['build', 'lint'] });
    expect(tableIn(body).map(inEnglishUnits)).toEqual([
      ['npm test', `0 (${say.nothingToDo})`, '0.0 s'],
      ['go test ./...', '0', '0.0 s'],
    ]);
    expect(body).not.toContain(say.idle(say.kinds(['test'])));
  });

  it('says both when the only command was a run without a test', () => {
    const facts = {
      verdict: 'unverified',
      steps: [step({ idle: true })],
      notOffered: ['build', 'lint', 'test'],
    } as const;
    const body = bodyOf(locale, { ...facts, steps: [...facts.steps], notOffered: [...facts.notOffered] });
    expect(tableIn(body).map(inEnglishUnits)).toEqual([['npm test', `0 (${say.nothingToDo})`, '0.0 s']]);
    for (const said of [
      `**${say.nothingVerified}**`,
      say.idle(say.kinds(['test'])),
      say.notOffered(say.kinds(['build', 'lint'])),
    ]) {
      expect(body).toContain(said);
    }
    expect(body).not.toMatch(/Verified commit|検証したコミット/);
  });

  it('says when no test came with the change, and how many files are not listed', () => {
    expect(bodyOf(locale, {}, ['src/cart.js'])).toContain(say.noTests);
    expect(bodyOf(locale, {}, ['src/cart.js'])).toContain(`- [ ] ${say.checks.noTests}\n`);
    expect(bodyOf(locale)).not.toContain(say.noTests);
    const tests = ['src/CartTest.java', 'Tests/Cart.swift', 'cart_test.go', 'spec/cart.rb', 'tests/test_cart.py'];
    for (const file of tests) expect(bodyOf(locale, {}, [file])).not.toContain(say.noTests);
    expect(bodyOf(locale, {}, ['src/latest.js'])).toContain(say.noTests);
    const many = Array.from({ length: 60 }, (_, index) => `src/file-${index}.js`);
    expect(bodyOf(locale, {}, many)).toContain(say.andMore(10));
    expect(bodyOf(locale, {}, many)).not.toContain('file-50.js');
  });

  it('takes the deletion of a test for no test, counts it, and asks whether it was right', () => {
    const test = 'test/cart.test.js';
    const body = bodyOf(locale, {}, ['src/cart.js', 'src/old.js', test], ['src/old.js', test]);
    for (const said of [say.noTests, say.testsDeleted(1), `- \`${test}\` ${say.deleted}\n`])
      expect(body).toContain(said);
    expect(body).toContain(`- [ ] ${say.checks.code}\n- [ ] ${say.checks.noTests}\n- [ ] ${say.checks.testsDeleted}\n`);
    expect(body).not.toContain(say.checks.tests);
    const another = bodyOf(locale, {}, ['test/basket.test.js', test], [test]);
    for (const said of [say.testsDeleted(1), say.checks.tests, say.checks.testsDeleted])
      expect(another).toContain(said);
    expect(another).not.toContain(say.noTests);
  });

  it('is the same for the same facts, so that a repeated publication changes nothing', () => {
    expect(bodyOf(locale)).toBe(bodyOf(locale));
  });
});

describe.each(locales)('an explanation (%s)', (locale) => {
  const say = phrases[locale];

  it('gives code, message, hint in its language, command, status, output and the replay command', () => {
    const text = explained(locale, { command: 'npm test', exitCode: 7, outputTail: 'not ok 1' });
    expect(codeIn(text)).toEqual([
      'CW-VERIFY-TEST',
      'CW-VERIFY-TEST happened.',
      'npm test',
      'not ok 1',
      issueTask.id,
      'workshop-1',
      `npm run replay -- ${issueTask.id}`,
    ]);
    expect(text).toContain(failureCatalogue['CW-VERIFY-TEST'].hint[locale]);
    expect(text).toContain(`${say.exitStatus}: 7`);
    expect(text).toContain(say.fixes(3));
  });

  it('claims no exit status and no output that there was not', () => {
    const text = explained(locale, { command: 'npm test', exitCode: null, outputTail: ' \n' });
    expect(text).toContain(`${say.exitStatus}: ${say.noExitStatus}`);
    expect(text).toContain(say.noOutput);
  });
});
