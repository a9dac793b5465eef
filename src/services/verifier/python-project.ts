// Python projects: a virtual environment of their own when there is something to install, ruff if configured, pytest or unittest.
import { basename, dirname, join } from 'node:path';
import { has } from './checkout-files.ts';
import { lostTests } from './lost-tests.ts';
import { pyprojectOf, testExtras, testGroups } from './python-manifest.ts';
import { isPython, requirementsFilesIn, testFilesIn, usesPytest, usesRuff } from './python-tools.ts';
import type { Checkouts, Detector, Tool, VerifyCommand } from './verify-command.ts';

/** Version managers put a `python3` on the PATH that only says which versions are missing: hence a check that runs it. */
const python: Tool = {
  name: 'python3',
  get: 'Install Python 3 from https://www.python.org, or with `apt-get install python3`.',
  check: { program: 'python3', args: ['-c', 'pass'] },
};
const venv: Tool = {
  name: 'python3 with the modules venv and ensurepip',
  get: 'Install it with `apt-get install python3-venv`, or install Python 3 from https://www.python.org.',
  check: { program: 'python3', args: ['-c', 'import ensurepip, venv'] },
};

export const pythonProject: Detector = async ({ base, head }) => {
  if (!(await isPython(base))) return [];
  const withPytest = await usesPytest(base);
  const withRuff = await usesRuff(base);
  const wanted = [...(withPytest ? ['pytest'] : []), ...(withRuff ? ['ruff'] : [])];
  const needs = [...(await requirementsOf(head)), ...wanted];
  const run = pythonCommand(needs.length > 0 ? join(head, '.venv') : undefined);
  return [
    ...(needs.length > 0 ? installCommands(head, needs, run) : []),
    ...(withRuff ? [run('lint', '-m', 'ruff', 'check', '.')] : []),
    ...(await testCommands({ base, head }, withPytest, run)),
  ];
};

type RunPython = (kind: VerifyCommand['kind'], ...args: string[]) => VerifyCommand;

/** Without an environment of the project's own, the machine's Python is enough: there is nothing to be found in it. */
const pythonCommand =
  (environment: string | undefined): RunPython =>
  (kind, ...args) => ({
    kind,
    program: environment === undefined ? 'python3' : join(environment, 'bin', 'python'),
    args,
    display: ['python', ...args].join(' '),
    tool: python,
    ...(environment !== undefined && { pathFolder: join(environment, 'bin') }),
  });

/** The environment is made anew each time: what an earlier state of the change needed must not help this one. */
const installCommands = (head: string, needs: string[], run: RunPython): VerifyCommand[] => [
  {
    kind: 'install',
    program: 'python3',
    args: ['-m', 'venv', '.venv'],
    display: 'python3 -m venv .venv',
    tool: venv,
    removeFirst: join(head, '.venv'),
  },
  run('install', '-m', 'pip', 'install', ...needs),
];

/**
 * What the head asks for, as arguments of pip: its requirements files; the project itself when it can be built, with its test
 * extras, else what it depends on.
 */
async function requirementsOf(head: string): Promise<string[]> {
  const pyproject = await pyprojectOf(head);
  const files = (await requirementsFilesIn(head)).flatMap((file) => ['-r', file]);
  const isPackage = pyproject['build-system'] !== undefined || (await has(head, 'setup.py'));
  const extras = testExtras(pyproject);
  const extraLists = extras.flatMap((name) => pyproject.project?.['optional-dependencies']?.[name] ?? []);
  const project = isPackage
    ? ['-e', extras.length > 0 ? `.[${extras.join(',')}]` : '.']
    : requirementsOnly([...(pyproject.project?.dependencies ?? []), ...extraLists]);
  return [...files, ...project, ...requirementsOnly(testGroups(pyproject))];
}

/** A requirement begins with a name (PEP 508); anything else would be read by pip as an option or a path. */
const requirementsOnly = (list: string[]): string[] => list.filter((entry) => /^[A-Za-z0-9]/.test(entry));

async function testCommands(checkouts: Checkouts, withPytest: boolean, run: RunPython): Promise<VerifyCommand[]> {
  const before = await testFilesIn(checkouts.base);
  const after = await testFilesIn(checkouts.head);
  const commands = withPytest
    ? [{ ...run('test', '-m', 'pytest'), runner: 'pytest' as const }]
    : await unittests(checkouts.head, after, run);
  const refusal = lostTests(before, after);
  if (refusal === undefined) return commands;
  return [{ ...run('test', '-m', withPytest ? 'pytest' : 'unittest'), refusal }];
}

/**
 * unittest finds `test*.py` in the top folder and in packages; a folder of tests that is no package is given to it by name.
 * Not offered when there is no such file.
 */
async function unittests(head: string, files: string[], run: RunPython): Promise<VerifyCommand[]> {
  const starts = new Set<string>();
  for (const path of files) {
    if (/^test.*\.py$/.test(basename(path))) starts.add(await startFolder(head, dirname(path)));
  }
  return [...starts].toSorted().map((start) => {
    const command = run('test', '-m', 'unittest', 'discover', ...(start === '.' ? [] : ['-s', start]));
    return Object.assign(command, { runner: 'unittest' as const });
  });
}

/** The nearest folder, from the file upwards, that is not a package: discovery cannot reach it from above. */
async function startFolder(head: string, folder: string): Promise<string> {
  if (folder === '.' || !(await has(head, join(folder, '__init__.py')))) return folder;
  return startFolder(head, dirname(folder));
}
