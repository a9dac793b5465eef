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
    expect(ranNoTests('cargo', 0, 'running 0 tests\n\ntest result: ok.\nrunning 0 tests\n')).toBe(true);
    expect(ranNoTests('cargo', 0, 'running 0 tests\nrunning 1 test\n')).toBe(false);
    expect(ranNoTests('cargo', 0, 'a harness of its own\n')).toBe(false);
  });

  it('is told by make’s words that there was nothing to do', () => {
    expect(ranNoTests('make', 0, "make: 'test' is up to date.\n")).toBe(true);
    expect(ranNoTests('make', 0, "make: Nothing to be done for 'test'.\n")).toBe(true);
    expect(ranNoTests('make', 0, "sh test.sh\nmake: Nothing to be done for 'test'.\n")).toBe(false);
    expect(ranNoTests('make', 0, '')).toBe(false);
  });

  it('is told by the summary of node --test in either form', () => {
    expect(ranNoTests('script', 0, '# tests 0\n# pass 0\n')).toBe(true);
    expect(ranNoTests('script', 0, 'ℹ tests 0\nℹ pass 0\n')).toBe(true);
    expect(ranNoTests('script', 0, 'ℹ tests 0\nℹ tests 3\n')).toBe(false);
    expect(ranNoTests('script', 0, 'tests passed\n')).toBe(false);
  });
});
