// Tries a mutant: its change is made in a copy of the code, and the suites are run there.
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { Mutant, Suite } from './mutants.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Seeds within which the simulation must notice a mutant: those of `npm test`. */
const seedsMax = 2_000;

/** What a suite said. `broken`: it could not be run, which says nothing of the mutant. */
export type Verdict = { says: 'passed' | 'failed' | 'broken'; how: string };

/** A copy of the code; `change` is made in it. Throws when the mutant does not fit the code: then it would test nothing. */
export async function copyOfCode(change?: Mutant): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'codingworker-mutant-'));
  for (const part of ['src', 'test', 'examples', 'package.json', 'vitest.config.ts', 'codingworker.example.yaml'])
    await cp(join(root, part), join(folder, part), { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  if (change) {
    const path = join(folder, change.file);
    const code = await readFile(path, 'utf8');
    const places = code.split(change.from).length - 1;
    if (places !== 1) throw new Error(`“${change.name}” fits ${change.file} in ${places} places; it must be one.`);
    await writeFile(
      path,
      code.replace(change.from, () => change.to),
    );
  }
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Runs a suite on the code in `folder`. */
export function tryOut(suite: Suite, folder: string): Promise<Verdict> {
  return suite === 'simulation' ? trySimulation(folder) : tryTests(folder, suite);
}

async function trySimulation(folder: string): Promise<Verdict> {
  const args = ['src/cli/simulate.ts', '--seeds', String(seedsMax), '--first'];
  const { exitCode, stdout, stderr } = await execa('node', args, { cwd: folder, reject: false });
  const [broken] = /^seed \d+: .*/m.exec(stdout) ?? [];
  if (exitCode === 1 && broken !== undefined) return { says: 'failed', how: broken };
  return exitCode === 0 ? { says: 'passed', how: stdout.trim() } : { says: 'broken', how: stderr.trim() };
}

/** The part of Vitest's JSON report that is read here. */
type Report = { testResults: { assertionResults: { status: string; fullName: string }[] }[] };

async function tryTests(folder: string, file: string): Promise<Verdict> {
  const path = join(folder, 'report.json');
  const args = ['run', file, '--bail', '1', '--reporter', 'json', '--outputFile', path];
  const options = { cwd: folder, reject: false, preferLocal: true, localDir: root } as const;
  const { exitCode, stdout, stderr } = await execa('vitest', args, options);
  if (exitCode === 0) return { says: 'passed', how: '' };
  const failed = (await reportAt(path))?.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .find(({ status }) => status === 'failed');
  // A file that could not even be loaded has no failed test.
  if (failed === undefined) return { says: 'broken', how: stderr.trim() || stdout.slice(-1_000) };
  return { says: 'failed', how: failed.fullName };
}

async function reportAt(path: string): Promise<Report | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Report; // Vitest's own format
  } catch {
    return undefined;
  }
}
