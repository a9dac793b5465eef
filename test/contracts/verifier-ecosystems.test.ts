// The native verifier on small real repositories of each kind, with the real toolchains and no dependencies to fetch.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { nativeVerifier } from '../../src/services/verifier/native.ts';
import type { VerifyReport } from '../../src/services/verifier/verifier.ts';
import { type Files, verifyFolders } from '../support/verify-folders/verify-folders.ts';
import { lacks } from '../support/lacks.ts';

const folders = verifyFolders();
afterAll(() => folders.remove());

const verifier = nativeVerifier({ mask: (text) => text });
const verify = (base: Files, change?: Files): Promise<VerifyReport> =>
  verifier.verify(folders.request(base, change), new AbortController().signal);
const shown = (report: VerifyReport): string[] => report.steps.map((step) => `${step.command} → ${step.exitCode}`);
const timeout = 240_000;

describe('a Node repository', { timeout }, () => {
  const manifest = (more: object): string =>
    JSON.stringify({ name: 'tried', version: '1.0.0', scripts: { test: 'node test.mjs' }, ...more });
  const lock = (more: object): string =>
    JSON.stringify({
      name: 'tried',
      version: '1.0.0',
      lockfileVersion: 3,
      requires: true,
      packages: { '': { name: 'tried', version: '1.0.0', ...more } },
    });
  const local = { dependencies: { near: 'file:./near' } };
  const near = {
    'near/package.json': JSON.stringify({ name: 'near', version: '1.0.0', main: 'index.js' }),
    'near/index.js': 'module.exports = 42;',
  };
  const test = { 'test.mjs': `import near from 'near'; process.exit(near === 42 ? 0 : 1);` };

  it('is installed by npm ci when it has a lock file', async () => {
    const base = { 'package.json': manifest({}), 'package-lock.json': lock({}), 'test.mjs': '' };
    expect(shown(await verify(base))).toEqual(['npm ci → 0', 'npm run test → 0']);
  });

  it('is installed without writing a lock file when it has none', async () => {
    const request = folders.request({ 'package.json': manifest(local), ...near, ...test });
    const report = await verifier.verify(request, new AbortController().signal);
    expect(shown(report)).toEqual(['npm install --no-package-lock → 0', 'npm run test → 0']);
    expect(existsSync(join(request.directory, 'package-lock.json'))).toBe(false);
  });

  it('is installed by npm install when the change adds a dependency that the lock file does not know', async () => {
    const base = { 'package.json': manifest({}), 'package-lock.json': lock({}), ...near, 'test.mjs': '' };
    const report = await verify(base, { 'package.json': manifest(local), ...test });
    expect(shown(report)).toEqual(['npm install → 0', 'npm run test → 0']);
  });

  it('fails with the package manager’s own words when its lock file does not fit', async () => {
    const base = { 'package.json': manifest(local), 'package-lock.json': lock({}), ...near, ...test };
    const report = await verify(base);
    expect(report).toMatchObject({ verdict: 'failed', steps: [{ kind: 'install', exitCode: 1 }] });
    expect(report.steps[0]?.outputTail).toContain('near@1.0.0');
  });
});

describe('a Python repository', { timeout }, () => {
  const sum = { 'sum.py': 'def add(a, b):\n    return a + b\n', 'requirements.txt': '' };
  const tests = (expected: number): string =>
    `import unittest\nfrom sum import add\nclass T(unittest.TestCase):\n    def test_add(self):\n        self.assertEqual(add(2, 2), ${expected})\n`;

  it('is tested by unittest, wherever its tests lie', async () => {
    const base = { ...sum, 'test_sum.py': tests(4), 'tests/test_more.py': tests(4), 'pkg/__init__.py': '' };
    const report = await verify({ ...base, 'requirements.txt': null });
    expect(report).toMatchObject({ verdict: 'passed', notOffered: ['build', 'lint'] });
    expect(shown(report)).toEqual(['python -m unittest discover → 0', 'python -m unittest discover -s tests → 0']);
  });

  it('fails when a test that the change added does', async () => {
    const report = await verify(
      { ...sum, 'requirements.txt': null, 'test_a.py': tests(4) },
      { 'test_sum.py': tests(5) },
    );
    expect(report).toMatchObject({ verdict: 'failed', steps: [{ kind: 'test', exitCode: 1 }] });
    expect(report.steps[0]?.outputTail).toContain('AssertionError: 4 != 5');
  });

  it('is installed into an environment of its own, without what an earlier one held', async () => {
    const hasVenv = spawnSync('python3', ['-c', 'import ensurepip, venv']).status === 0;
    expect(hasVenv, 'install the module venv: `apt-get install python3-venv`').toBe(true);
    const test = [
      'import sys, unittest, shutil',
      'class T(unittest.TestCase):',
      '    def test_own(self):',
      '        self.assertIn(".venv", sys.prefix)',
      '        self.assertIn(".venv", shutil.which("python"))',
      '',
    ].join('\n');
    const base = { 'requirements.txt': '# nothing yet\n', 'test_own.py': test };
    const request = folders.request(base, { '.venv/left-over': '' });
    const report = await verifier.verify(request, new AbortController().signal);
    expect(shown(report)).toEqual([
      'python3 -m venv .venv → 0',
      'python -m pip install -r requirements.txt → 0',
      'python -m unittest discover → 0',
    ]);
    expect(existsSync(join(request.directory, '.venv/left-over'))).toBe(false);
  });

  it('is unverified when it has tests in name only', async () => {
    const report = await verify({ 'test_nothing.py': 'x = 1\n' });
    expect(report).toMatchObject({ verdict: 'unverified', notOffered: ['build', 'lint', 'test'] });
    expect(report.steps).toHaveLength(1);
  });

  it('fails when the change removes every test', async () => {
    const report = await verify({ 'sum.py': '', 'test_sum.py': tests(4) }, { 'test_sum.py': null });
    expect(report).toMatchObject({ verdict: 'failed', steps: [{ kind: 'test', exitCode: null }] });
    expect(report.steps[0]?.outputTail).toContain('removed every test file (test_sum.py)');
  });
});

describe.skipIf(lacks('go', ['version'], 'install Go from https://go.dev/dl'))('a Go repository', { timeout }, () => {
  const base = {
    'go.mod': 'module example.test/sum\n\ngo 1.21\n',
    'main.go': 'package main\n\nfunc add(a, b int) int { return a + b }\n\nfunc main() { println(add(1, 2)) }\n',
  };
  const test = (expected: number): Files => ({
    'main_test.go': `package main\n\nimport "testing"\n\nfunc TestAdd(t *testing.T) {\n\tif got := add(2, 2); got != ${expected} {\n\t\tt.Fatalf("got %d", got)\n\t}\n}\n`,
  });

  it('is built, vetted and tested', async () => {
    const request = folders.request({ ...base, ...test(4) });
    const report = await verifier.verify(request, new AbortController().signal);
    expect(report).toMatchObject({ verdict: 'passed', notOffered: [] });
    expect(shown(report)).toEqual(['go build -o /dev/null ./... → 0', 'go vet ./... → 0', 'go test ./... → 0']);
    expect(existsSync(join(request.directory, 'sum'))).toBe(false);
  });

  it('fails where it fails', async () => {
    expect(shown(await verify({ ...base, ...test(5) })).at(-1)).toBe('go test ./... → 1');
    expect(shown(await verify(base, { 'main.go': 'package main\n\nfunc main() { none() }\n' }))).toEqual([
      'go build -o /dev/null ./... → 1',
    ]);
  });

  it('is not called tested when no package has a test', async () => {
    await expect(verify(base)).resolves.toMatchObject({ verdict: 'passed', notOffered: ['test'] });
  });
});

describe.skipIf(lacks('cargo', ['--version'], 'install Rust from https://rustup.rs'))(
  'a Rust repository',
  { timeout },
  () => {
    const base = {
      'Cargo.toml': '[package]\nname = "sum"\nversion = "0.1.0"\nedition = "2021"\n',
      'src/lib.rs': 'pub fn add(a: i32, b: i32) -> i32 {\n    a + b\n}\n',
    };
    const test = (expected: number): Files => ({
      'tests/sum.rs': `#[test]\nfn adds() {\n    assert_eq!(sum::add(2, 2), ${expected});\n}\n`,
    });

    it('is built and tested, and linted where clippy is installed', async () => {
      const hasClippy = spawnSync('cargo', ['clippy', '--version']).status === 0;
      const report = await verify({ ...base, ...test(4) });
      expect(report).toMatchObject({ verdict: 'passed', notOffered: hasClippy ? [] : ['lint'] });
      expect(shown(report)).toEqual([
        'cargo build --workspace → 0',
        ...(hasClippy ? ['cargo clippy --workspace → 0'] : []),
        'cargo test --workspace → 0',
      ]);
    });

    it('fails when a test does, and is not called tested without one', async () => {
      const failed = await verify({ ...base, ...test(5) });
      expect(failed.verdict).toBe('failed');
      expect(shown(failed).at(-1)).toBe('cargo test --workspace → 101');
      const untested = await verify(base);
      expect(untested.verdict).toBe('passed');
      expect(untested.notOffered).toContain('test');
    });
  },
);

describe.skipIf(lacks('make', ['--version'], 'install make, for example `apt-get install make`'))(
  'a repository with a Makefile',
  { timeout },
  () => {
    const makefile = '.PHONY: build lint test\nFLAGS := -x\nbuild lint:\n\t@echo $@ done\ntest: build\n\tsh test.sh\n';

    it('runs its targets build, lint and test', async () => {
      const report = await verify({ Makefile: makefile, 'test.sh': 'exit 0' });
      expect(report.verdict).toBe('passed');
      expect(shown(report)).toEqual(['make build → 0', 'make lint → 0', 'make test → 0']);
    });

    it('is not called tested when make takes the folder test/ for the target', async () => {
      const report = await verify({ Makefile: 'test:\n\tfalse\n', 'test/a.txt': '' });
      expect(report).toMatchObject({ verdict: 'unverified', notOffered: ['build', 'lint', 'test'] });
      expect(shown(report)).toEqual(['make test → 0']);
      expect(report.steps[0]?.idle).toBe(true);
    });

    it('fails when its tests do', async () => {
      const report = await verify({ Makefile: makefile, 'test.sh': 'exit 0' }, { 'test.sh': 'exit 1' });
      expect(report).toMatchObject({ verdict: 'failed' });
      expect(shown(report).at(-1)).toBe('make test → 2');
    });
  },
);
