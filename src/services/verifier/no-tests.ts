// Tells a test run that ran no test from one that passed. By exit status where the runner has one for it, else by its own summary line.

/** `script` is a script of package.json, of which only Node's own runner is recognised. */
export type TestRunner = 'script' | 'pytest' | 'unittest' | 'go' | 'cargo' | 'make';

/**
 * True when the run ended well, or with the runner's status for it, and did not run a single test.
 *
 * - pytest: exit status 5 (pytest reference, "Exit codes").
 * - unittest: exit status 5 since Python 3.12; before, status 0 and the line `Ran 0 tests in`.
 * - go: status 0 for every package, so by the marks `[no test files]` and `[no tests to run]` on all its lines.
 * - cargo: status 0, so by libtest's lines `running N tests`; a harness of another kind prints none and is believed.
 * - make: status 0 and nothing but its own words that there was nothing to do, as for a target that has the name of a folder.
 * - script: by the line `tests 0` of `node --test`, which exits with 0; any other runner is believed.
 */
export function ranNoTests(runner: TestRunner, exitCode: number | null, output: string): boolean {
  switch (runner) {
    case 'pytest':
      return exitCode === 5;
    case 'unittest':
      return exitCode === 5 || (exitCode === 0 && countsOnlyZero(output, /^Ran (\d+) tests? in /gm));
    case 'go':
      return exitCode === 0 && isOnlyPackagesWithoutTests(output);
    case 'cargo':
      return exitCode === 0 && countsOnlyZero(output, /^running (\d+) tests?$/gm);
    case 'make':
      return exitCode === 0 && isOnlyIdleMake(output);
    case 'script':
      return exitCode === 0 && countsOnlyZero(output, /^(?:# |ℹ )tests (\d+)$/gm);
  }
}

/** At least one count was printed, and each is 0. */
function countsOnlyZero(output: string, count: RegExp): boolean {
  const counts = [...output.matchAll(count)].map((match) => match[1]);
  return counts.length > 0 && counts.every((number) => number === '0');
}

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
