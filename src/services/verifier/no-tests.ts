// Tells a test run that ran no test from one that passed. By exit status where the runner has one for it, else by its own summary line.
import { stripVTControlCharacters } from 'node:util';

/** `script` is a script of package.json, of which the runners of Node, Mocha, Jest and Vitest are recognised. */
export type TestRunner = 'script' | 'pytest' | 'unittest' | 'go' | 'cargo' | 'make';

/**
 * True when the run ended well, or with the runner's status for it, and did not run a single test; those that were skipped did not run.
 *
 * - pytest: exit status 5 (pytest reference, "Exit codes"), or a last line of nothing but skipped ones.
 * - unittest: exit status 5 since Python 3.12; before, status 0 and the line `Ran 0 tests in`; all skipped, `OK (skipped=N)` for N.
 * - go: status 0 for every package, so by the marks `[no test files]` and `[no tests to run]` on all its lines.
 * - cargo: status 0, so by libtest's lines `N passed; 0 failed`; a harness of another kind prints none and is believed.
 * - make: status 0 and nothing but its own words that there was nothing to do, as for a target that has the name of a folder.
 * - script: status 0, so by what the runners count or say; any other runner is believed.
 */
export function ranNoTests(runner: TestRunner, exitCode: number | null, output: string): boolean {
  const plain = stripVTControlCharacters(output);
  switch (runner) {
    case 'pytest':
      return (
        exitCode === 5 || (exitCode === 0 && /^=* ?\d+ skipped(?:, \d+ (?:deselected|warnings?))* in /m.test(plain))
      );
    case 'unittest':
      return exitCode === 5 || (exitCode === 0 && countsOnlyZero(unittestCounts(plain)));
    case 'go':
      return exitCode === 0 && isOnlyPackagesWithoutTests(plain);
    case 'cargo':
      return exitCode === 0 && countsOnlyZero(countsOf(plain, /^test result: ok\. (\d+) passed;/gm));
    case 'make':
      return exitCode === 0 && isOnlyIdleMake(plain);
    case 'script':
      return exitCode === 0 && countsOnlyZero(scriptSigns.flatMap((sign) => countsOf(plain, sign)));
  }
}

/** Lines in which a runner counts the tests that passed; without a count in it, none did. */
const scriptSigns = [
  // node --test, by either reporter
  /^(?:# |ℹ )pass (\d+)$/gm,
  // Mocha
  /^ +(\d+) passing \(/gm,
  // Jest; and its and Vitest's option to pass without tests
  /^Tests: +(?:\d+ (?:skipped|todo), )*(?:(\d+) passed, )?\d+ total$/gm,
  /^No (?:tests|test files) found, exiting with code 0$/gm,
  // Vitest
  /^ +Tests +(?:(\d+) passed)?.*\(\d+\)$/gm,
];

const countsOf = (output: string, sign: RegExp): number[] =>
  [...output.matchAll(sign)].map((match) => Number(match[1] ?? 0));

/** How many tests ran in each run: all but the skipped ones. */
function unittestCounts(output: string): number[] {
  const skipped = countsOf(output, /^OK(?: \((?:.*\b)?skipped=(\d+).*\))?/gm);
  return countsOf(output, /^Ran (\d+) tests? in /gm).map((ran, run) => ran - (skipped[run] ?? 0));
}

/** At least one count was printed, and each is 0. */
const countsOnlyZero = (counts: readonly number[]): boolean =>
  counts.length > 0 && counts.every((count) => count === 0);

function isOnlyIdleMake(output: string): boolean {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return (
    lines.length > 0 && lines.every((line) => /^g?make(\[\d+\])?: .*(up to date\.|Nothing to be done for )/.test(line))
  );
}

function isOnlyPackagesWithoutTests(output: string): boolean {
  const lines = output.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('go: '));
  return lines.every((line) => /\[no test files\]\s*$|\[no tests to run\]\s*$/.test(line));
}
