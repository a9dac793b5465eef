import { afterAll, describe, expect, it } from 'vitest';
import { planVerification } from '../../src/services/verifier/detect.ts';
import type { VerifyCommand } from '../../src/services/verifier/verify-command.ts';
import { type Files, verifyFolders } from '../support/verify-folders/verify-folders.ts';

const folders = verifyFolders();
afterAll(() => folders.remove());

const planOf = async (base: Files, change: Files = {}): Promise<VerifyCommand[]> => {
  const request = folders.request(base, change);
  return planVerification({ base: request.baseDirectory, head: request.directory });
};
const shownPlan = async (base: Files, change?: Files): Promise<string[]> =>
  (await planOf(base, change)).map((command) => command.display);

const manifest = (more: object): Files => ({
  'package.json': JSON.stringify({ scripts: { test: 'vitest' }, ...more }),
});
const dependencies = { dependencies: { near: '1.0.0' } };

describe('the package manager of a Node project', () => {
  it.each<[string, Files, string[]]>([
    ['package-lock.json', {}, ['npm ci', 'npm run test']],
    ['npm-shrinkwrap.json', {}, ['npm ci', 'npm run test']],
    ['pnpm-lock.yaml', {}, ['pnpm install --frozen-lockfile', 'pnpm run test']],
    ['yarn.lock', {}, ['yarn install --frozen-lockfile', 'yarn run test']],
    ['yarn.lock', { '.yarnrc.yml': 'nodeLinker: node-modules\n' }, ['yarn install --immutable', 'yarn run test']],
    ['yarn.lock', { 'yarn.lock': '#\n\n__metadata:\n  version: 8\n' }, ['yarn install --immutable', 'yarn run test']],
    ['bun.lock', {}, ['bun install --frozen-lockfile', 'bun run test']],
    ['bun.lockb', {}, ['bun install --frozen-lockfile', 'bun run test']],
  ])('is told by %s', async (lockFile, more, expected) => {
    expect(await shownPlan({ ...manifest(dependencies), [lockFile]: 'lock\n', ...more })).toEqual(expected);
  });

  it('is what the field packageManager names, whatever lock file lies there', async () => {
    const base = { ...manifest({ ...dependencies, packageManager: 'yarn@4.5.0' }), 'package-lock.json': '{}' };
    expect(await shownPlan(base)).toEqual(['yarn install --no-immutable', 'yarn run test']);
  });

  it('is not npm when a stray package-lock.json lies beside another’s lock file', async () => {
    const base = { ...manifest(dependencies), 'package-lock.json': '{}', 'pnpm-lock.yaml': '' };
    expect((await shownPlan(base))[0]).toBe('pnpm install --frozen-lockfile');
  });

  it('installs nothing when there is no lock file and no dependency', async () => {
    expect(await shownPlan(manifest({}))).toEqual(['npm run test']);
    expect(await shownPlan(manifest({}), manifest(dependencies))).toEqual([
      'npm install --no-package-lock',
      'npm run test',
    ]);
  });

  it.each([
    ['package-lock.json', 'npm install'],
    ['pnpm-lock.yaml', 'pnpm install --no-frozen-lockfile'],
    ['yarn.lock', 'yarn install'],
    ['bun.lock', 'bun install'],
  ])(
    'may go beyond %s only for a change that alters the dependencies and not the lock file',
    async (lockFile, loose) => {
      const base = { ...manifest({}), [lockFile]: 'lock\n' };
      expect((await shownPlan(base, manifest(dependencies)))[0]).toBe(loose);
      const both = { ...manifest(dependencies), [lockFile]: 'another\n' };
      expect((await shownPlan(base, both))[0]).toMatch(/ci|frozen-lockfile/);
      expect((await shownPlan(base, { [lockFile]: null }))[0]).toMatch(/ci|frozen-lockfile/);
    },
  );
});

describe('the scripts of a Node project', () => {
  it('do not count npm’s placeholder as a test', async () => {
    const placeholder = 'echo "Error: no test specified" && exit 1';
    expect(await shownPlan({ 'package.json': JSON.stringify({ scripts: { test: placeholder } }) })).toEqual([]);
  });

  it('are those of the base, not what the change adds', async () => {
    const change = manifest({ scripts: { test: 'vitest', lint: 'eslint .' } });
    expect(await shownPlan(manifest({}), change)).toEqual(['npm run test']);
  });

  it('offer nothing when package.json cannot be read', async () => {
    expect(await shownPlan({ 'package.json': '{ "scripts": ' })).toEqual([]);
    expect(await shownPlan({ 'package.json': '["scripts"]' })).toEqual([]);
  });
});

describe('a script that judges a change', () => {
  const base = {
    scripts: {
      pretest: 'npm run build',
      test: "npm run unit && run-s 'e2e'",
      unit: 'vitest',
      e2e: 'x',
      build: 'tsc',
      other: 'y',
    },
  };
  const refusalFor = async (scripts: Record<string, string | undefined>, more: Files = {}): Promise<string> => {
    const change = { 'package.json': JSON.stringify({ scripts: { ...base.scripts, ...scripts } }), ...more };
    const plan = await planOf({ 'package.json': JSON.stringify(base) }, change);
    return plan.find((command) => command.kind === 'test')?.refusal ?? 'none';
  };

  it('may be run when only others were altered', async () => {
    expect(await refusalFor({ other: 'z', added: 'w' })).toBe('none');
  });

  it.each<[string, Record<string, string | undefined>, string]>([
    ['its text', { test: 'true' }, 'altered the script "test"'],
    ['its pre script', { pretest: 'true' }, 'altered the script "pretest"'],
    ['a new post script', { posttest: 'true' }, 'added the script "posttest"'],
    ['a script that it runs', { unit: 'true' }, 'altered the script "unit" from "vitest" to "true"'],
    ['a quoted script that it runs', { e2e: 'true' }, 'altered the script "e2e"'],
    ['a script that its pre script runs', { build: 'true' }, 'altered the script "build"'],
    ['a pre script of a script that it runs', { preunit: 'true' }, 'added the script "preunit"'],
    ['its removal', { test: undefined }, 'removed the script "test"'],
  ])('is refused for %s', async (_what, scripts, expected) => {
    expect(await refusalFor(scripts)).toContain(expected);
  });

  it('is refused when the change alters what runs it, or leaves no package.json', async () => {
    expect(await refusalFor({}, { '.npmrc': 'script-shell=/bin/true\n' })).toContain('altered .npmrc');
    expect(await refusalFor({}, { 'package.json': null })).toContain('removed package.json');
    expect(await refusalFor({}, { 'package.json': '{' })).toContain('left it unreadable');
  });
});

describe('a Python project', () => {
  it('is tested by pytest when its base uses it, and needs it installed', async () => {
    const signs: Files[] = [
      { 'pytest.ini': '[pytest]\n', 'setup.cfg': '' },
      { 'pyproject.toml': '[tool.pytest.ini_options]\naddopts = "-q"\n' },
      { 'setup.cfg': '[tool:pytest]\n' },
      { 'requirements.txt': 'requests\npytest>=7\n' },
      { 'pyproject.toml': '[dependency-groups]\ndev = ["pytest>=8"]\n' },
      { 'tests/conftest.py': '', 'tests/test_a.py': '' },
      { 'test_a.py': 'import pytest\n' },
    ];
    for (const base of signs) {
      const plan = await shownPlan(base);
      expect(plan[0]).toBe('python3 -m venv .venv');
      expect(plan[1]).toMatch(/^python -m pip install .*pytest$/);
      expect(plan.at(-1)).toBe('python -m pytest');
    }
  });

  it('does not take a plugin’s name for pytest', async () => {
    expect(await shownPlan({ 'requirements.txt': 'pytest-cov\n', 'test_a.py': '' })).not.toContain('python -m pytest');
  });

  it('installs requirements files, itself with its extras for tests, and groups for tests', async () => {
    const base = {
      'requirements.txt': '',
      'requirements-dev.txt': '',
      'requirements-docs.txt': '',
      'pyproject.toml': [
        '[build-system]\nrequires = ["setuptools"]',
        '[project]\nname = "a"\nversion = "1"',
        '[project.optional-dependencies]\ntest = ["hypothesis"]\ngpu = ["torch"]',
        '[dependency-groups]\ndev = ["attrs", "--index-url=http://evil.test", {include-group = "docs"}]\ndocs = ["sphinx"]',
        '[tool.ruff]',
      ].join('\n'),
      'test_a.py': '',
    };
    expect(await shownPlan(base)).toEqual([
      'python3 -m venv .venv',
      'python -m pip install -r requirements-dev.txt -r requirements.txt -e .[test] attrs ruff',
      'python -m ruff check .',
      'python -m unittest discover',
    ]);
  });

  it('installs only what it depends on when it cannot be built', async () => {
    const base = {
      'pyproject.toml': '[project]\nname = "a"\nversion = "1"\ndependencies = ["attrs"]\n',
      'test_a.py': '',
    };
    expect((await shownPlan(base))[1]).toBe('python -m pip install attrs');
  });

  it('gives unittest the folders that it does not find by itself', async () => {
    const base = { 'a/__init__.py': '', 'a/test_a.py': '', 'tests/test_b.py': '', 'docs/c/test_c.py': '' };
    expect(await shownPlan(base)).toEqual([
      'python -m unittest discover',
      'python -m unittest discover -s docs/c',
      'python -m unittest discover -s tests',
    ]);
  });
});

describe('the plan of a repository of several kinds', () => {
  it('runs all of them by kind, and leaves out one that offers no check', async () => {
    const base = {
      'package.json': JSON.stringify({ scripts: { lint: 'eslint .' }, devDependencies: { eslint: '9' } }),
      'go.mod': 'module a\n\nrequire b v1.0.0\n',
      'a_test.go': 'package a\n',
      Makefile: 'test:\n\ttrue\n',
    };
    expect(await shownPlan(base)).toEqual([
      'npm install --no-package-lock',
      'go mod download',
      'go build -o /dev/null ./...',
      'npm run lint',
      'go vet ./...',
      'go test ./...',
    ]);
    const formatterOnly = { ...base, 'package.json': JSON.stringify({ devDependencies: { prettier: '3' } }) };
    expect((await shownPlan(formatterOnly))[0]).toBe('go mod download');
  });

  it('falls back on a Makefile, of which it reads only explicit targets', async () => {
    const makefile = 'test = 1\nlint := 2\nall: build\nbuild check:\n\ttrue\n%.o: %.c\n\tcc $<\n';
    expect(await shownPlan({ Makefile: makefile })).toEqual(['make build', 'make check']);
    expect(await shownPlan({ Makefile: makefile, 'package.json': '{}' })).toEqual(['make build', 'make check']);
    expect(await shownPlan({ Makefile: makefile, ...manifest({}) })).toEqual(['npm run test']);
  });

  it('fetches what Go and Rust need only when they need something', async () => {
    expect(await shownPlan({ 'go.mod': 'module a\n' })).not.toContain('go mod download');
    const vendored = { 'go.mod': 'module a\nrequire b v1.0.0\n', 'vendor/modules.txt': '' };
    expect(await shownPlan(vendored)).not.toContain('go mod download');
    expect((await shownPlan({ 'Cargo.toml': '[package]\n[dependencies]\nserde = "1"\n' }))[0]).toBe('cargo fetch');
    expect((await shownPlan({ 'Cargo.toml': '[package]\n' }))[0]).toBe('cargo build --workspace');
  });

  it('refuses the Go tests of a change that removed them all', async () => {
    const plan = await planOf(
      { 'go.mod': 'module a\n', 'a_test.go': '', 'b_test.go': '' },
      { 'a_test.go': null, 'b_test.go': null },
    );
    expect(plan.at(-1)?.refusal).toContain('removed every test file (a_test.go and 1 more)');
  });
});
