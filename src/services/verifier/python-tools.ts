// Which test runner and linter a Python project uses, told by its base: configuration, requirements, or what its tests import.
import { findFiles, has, namesIn, textOf } from './checkout-files.ts';
import { pyprojectOf } from './python-manifest.ts';

/** Requirements of the program itself and of its tests; others (docs, GPU builds) are not needed to verify. */
const requirementsFile = /^(?:requirements(?:[-_.]?(?:dev|tests?|ci|lint))?|(?:dev|tests?)[-_]requirements)\.txt$/;
/** Files that either runner takes for tests by their names. */
const testFile = /^test.*\.py$|_test\.py$/;

export const requirementsFilesIn = async (directory: string): Promise<string[]> =>
  (await namesIn(directory)).filter((name) => requirementsFile.test(name));

export const testFilesIn = (directory: string): Promise<string[]> => findFiles(directory, testFile);

/** Whether the checkout is of a Python project at all. */
export async function isPython(base: string): Promise<boolean> {
  for (const name of ['pyproject.toml', 'setup.py', 'setup.cfg']) if (await has(base, name)) return true;
  return (await requirementsFilesIn(base)).length > 0 || (await testFilesIn(base)).length > 0;
}

export async function usesPytest(base: string): Promise<boolean> {
  for (const name of ['pytest.ini', '.pytest.ini', 'conftest.py', 'tests/conftest.py']) {
    if (await has(base, name)) return true;
  }
  const pyproject = await pyprojectOf(base);
  if (pyproject.tool?.['pytest'] !== undefined) return true;
  if (/"pytest[^\w-]/.test(JSON.stringify(pyproject))) return true;
  return (
    (await mentions(base, ['setup.cfg'], /^\[tool:pytest\]/m)) ||
    (await mentions(base, ['tox.ini'], /^\[pytest\]/m)) ||
    (await mentions(base, await requirementsFilesIn(base), /^pytest\s*(?:[^\w\s-]|$)/m)) ||
    (await mentions(base, await testFilesIn(base), /^\s*(?:import|from) pytest\b/m))
  );
}

export async function usesRuff(base: string): Promise<boolean> {
  for (const name of ['ruff.toml', '.ruff.toml']) if (await has(base, name)) return true;
  return (await pyprojectOf(base)).tool?.['ruff'] !== undefined;
}

async function mentions(directory: string, files: readonly string[], what: RegExp): Promise<boolean> {
  for (const file of files) if (what.test((await textOf(directory, file)) ?? '')) return true;
  return false;
}
