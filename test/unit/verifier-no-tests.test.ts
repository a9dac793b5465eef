import { describe, expect, it } from 'vitest';
import { ranNoTests } from '../../src/services/verifier/no-tests.ts';

describe('a test run without a single test', () => {
  it('is told by pytest’s exit status alone', () => {
    expect(ranNoTests('pytest', 5, 'no tests ran in 0.01s')).toBe(true);
    expect(ranNoTests('pytest', 0, 'no tests ran in 0.01s')).toBe(false);
  });

  it('is told by unittest’s exit status since 3.12, by its summary before', () => {
    expect(ranNoTests('unittest', 5, 'NO TESTS RAN')).toBe(true);
    expect(ranNoTests('unittest', 0, '\nRan 0 tests in 0.000s\n\nOK\n')).toBe(true);
    expect(ranNoTests('unittest', 0, '\nRan 10 tests in 0.000s\n\nOK\n')).toBe(false);
    expect(ranNoTests('unittest', 1, '\nRan 0 tests in 0.000s\n')).toBe(false);
  });

  it('is told by go’s marks on every package', () => {
    expect(ranNoTests('go', 0, '?   \ta\t[no test files]\nok  \tb\t0.1s [no tests to run]\n')).toBe(true);
    expect(ranNoTests('go', 0, '?   \ta\t[no test files]\nok  \tb\t0.1s\n')).toBe(false);
    expect(ranNoTests('go', 1, '?   \ta\t[no test files]\n')).toBe(false);
  });

  it('is told by libtest’s counts, if there are any', () => {
    const result = (passed: number, ignored: number): string =>
      `running ${passed + ignored} tests\n\ntest result: ok. ${passed} passed; 0 failed; ${ignored} ignored; 0 measured; 0 filtered out\n`;
    expect(ranNoTests('cargo', 0, result(0, 0) + result(0, 0))).toBe(true);
    expect(ranNoTests('cargo', 0, result(0, 2))).toBe(true);
    expect(ranNoTests('cargo', 0, result(0, 0) + result(1, 0))).toBe(false);
    expect(ranNoTests('cargo', 0, 'a harness of its own\n')).toBe(false);
  });

  it('is told by make’s words that there was nothing to do', () => {
    expect(ranNoTests('make', 0, "make: 'test' is up to date.\n")).toBe(true);
    expect(ranNoTests('make', 0, "make: Nothing to be done for 'test'.\n")).toBe(true);
    expect(ranNoTests('make', 0, "sh test.sh\nmake: Nothing to be done for 'test'.\n")).toBe(false);
    expect(ranNoTests('make', 0, '')).toBe(false);
  });

  it.each([
    ['node --test', '# tests 0\n# pass 0\n'],
    ['node --test on a terminal', 'ℹ tests 0\nℹ pass 0\n'],
    ['node --test with skipped ones', '# tests 2\n# pass 0\n# fail 0\n# skipped 1\n# todo 1\n'],
    ['Mocha', '\n\n  0 passing (0ms)\n\n'],
    ['Mocha with skipped ones', '  x\n    - a\n\n\n  0 passing (2ms)\n  1 pending\n'],
    ['Jest', 'No tests found, exiting with code 0\n'],
    ['Jest with skipped ones', 'Test Suites: 1 skipped, 0 of 1 total\nTests:       1 skipped, 1 total\n'],
    ['Vitest', '\nNo test files found, exiting with code 0\n'],
    ['Vitest with skipped ones', ' Test Files  1 skipped (1)\n      Tests  1 skipped (1)\n'],
    ['Vitest in colours', '\x1b[2m      Tests \x1b[22m \x1b[33m1 skipped\x1b[39m\x1b[90m (1)\x1b[39m\n'],
  ])('is told by the summary of %s', (_, output) => {
    expect(ranNoTests('script', 0, output)).toBe(true);
    expect(ranNoTests('script', 1, output)).toBe(false);
  });

  it.each([
    ['node --test', '# tests 3\n# pass 3\n'],
    ['node --test in two packages', 'ℹ tests 0\nℹ pass 0\nℹ tests 3\nℹ pass 3\n'],
    ['Mocha', '  12 passing (3ms)\n  1 pending\n'],
    ['Jest', 'Tests:       1 skipped, 2 passed, 3 total\n'],
    ['Jest', 'Tests:       10 passed, 10 total\n'],
    ['Vitest', ' Test Files  1 passed (1)\n      Tests  3 passed | 1 skipped (4)\n'],
    ['something else', 'tests passed\n'],
  ])('is not what %s counts here', (_, output) => {
    expect(ranNoTests('script', 0, output)).toBe(false);
  });

  it('is told when pytest or unittest skipped all that there is', () => {
    expect(ranNoTests('pytest', 0, '===== 2 skipped, 1 warning in 0.01s =====\n')).toBe(true);
    expect(ranNoTests('pytest', 0, '===== 1 passed, 2 skipped in 0.01s =====\n')).toBe(false);
    expect(ranNoTests('unittest', 0, 'ss\nRan 2 tests in 0.000s\n\nOK (skipped=2)\n')).toBe(true);
    expect(ranNoTests('unittest', 0, 's.\nRan 2 tests in 0.000s\n\nOK (skipped=1)\n')).toBe(false);
  });
});
