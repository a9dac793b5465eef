// The set-up script in a bare copy of what it reads, with an `npm` of ours on PATH that notes its calls: it must do what is missing, once.
import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Notes its call, and makes what `npm install` makes as far as the set-up looks at it. */
const npm = `#!/bin/sh
echo "npm $*" >> calls.log
mkdir -p node_modules
cp package-lock.json node_modules/.package-lock.json
`;

type Ended = { status: number; output: string };

/** Removed at the end of all, because tests that run at once share the hooks of one. */
const copies: string[] = [];
afterAll(() => Promise.all(copies.map((top) => rm(top, { recursive: true, force: true }))));

async function bareCopy() {
  const top = await mkdtemp(join(tmpdir(), 'codingworker-setup-test-'));
  copies.push(top);
  await mkdir(join(top, 'bin'));
  await writeFile(join(top, 'bin/npm'), npm);
  await chmod(join(top, 'bin/npm'), 0o755);
  for (const path of ['scripts', 'package.json', 'package-lock.json']) {
    await cp(join(root, path), join(top, path), { recursive: true });
  }
  const setup = (args: string[], path = `${join(top, 'bin')}:${process.env['PATH']}`): Promise<Ended> =>
    new Promise((resolve) => {
      const script = join(top, 'scripts/setup.mjs');
      execFile(process.execPath, [script, ...args], { cwd: top, env: { PATH: path } }, (error, stdout, stderr) => {
        resolve({ status: error === null ? 0 : Number(error.code), output: stdout + stderr });
      });
    });
  const calls = async (): Promise<string[]> =>
    (await readFile(join(top, 'calls.log'), 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
  return { top, setup, calls };
}

describe.concurrent('the set-up', () => {
  it('with --check says what is missing and installs nothing', async () => {
    const { top, setup, calls } = await bareCopy();
    const { status, output } = await setup(['--check']);
    expect(status).toBe(1);
    expect(output.trim().split('\n')).toEqual([
      'The Node packages are not installed (node_modules).',
      expect.stringMatching(/^Aider \d\S+ is not installed \(\.tools\/aider\)\.$/),
    ]);
    expect(await calls()).toEqual([]);
    expect((await readdir(top)).toSorted()).toEqual(['bin', 'package-lock.json', 'package.json', 'scripts']);
  });

  it('installs once, even when two run at once, and then finds nothing to do', async () => {
    const { top, setup, calls } = await bareCopy();
    const both = await Promise.all([setup(['--only', 'node']), setup(['--only', 'node'])]);
    expect(both.map(({ status }) => status)).toEqual([0, 0]);
    expect(await calls()).toHaveLength(1);
    expect(await setup(['--only', 'node'])).toEqual({ status: 0, output: '' });
    expect((await setup(['--check', '--only', 'node'])).status).toBe(0);
    expect(await readdir(join(top, '.tools'))).toEqual([]);
  });

  it('installs again when the lock file has changed', async () => {
    const { top, setup, calls } = await bareCopy();
    await setup(['--only', 'node', '--quiet']);
    const lockFile = join(top, 'package-lock.json');
    const text = await readFile(lockFile, 'utf8');
    await writeFile(lockFile, text.replace('"node_modules/execa": {\n      "version": "', '$&9'));
    expect((await setup(['--check', '--only', 'node'])).output).toContain('not those of package-lock.json');
    expect(await setup(['--only', 'node', '--quiet'])).toEqual({ status: 0, output: '' });
    expect(await calls()).toHaveLength(2);
  });

  it('does not wait for a set-up that was killed', async () => {
    const { top, setup, calls } = await bareCopy();
    await mkdir(join(top, '.tools'));
    // No process has this number: Linux and macOS count to less.
    await writeFile(join(top, '.tools/setup.lock'), '99999999');
    expect((await setup(['--only', 'node'])).status).toBe(0);
    expect(await calls()).toHaveLength(1);
  });

  it('tells why an installation failed', async () => {
    const { top, setup } = await bareCopy();
    await writeFile(join(top, 'bin/npm'), '#!/bin/sh\necho "npm error code E404" >&2\nexit 1\n');
    const { status, output } = await setup(['--only', 'node']);
    expect(status).toBe(1);
    expect(output).toContain('npm error code E404');
    expect(output).not.toContain('    at ');
  });

  it('names in one line what only the system can install', async () => {
    const { top, setup } = await bareCopy();
    const { status, output } = await setup([], join(top, 'bin'));
    expect(status).toBe(1);
    expect(output).toMatch(/^git is missing; this installs it: .*git\n$/);
  });

  it('asks for a Python when there is neither that nor uv', async () => {
    const { top, setup } = await bareCopy();
    await writeFile(join(top, 'bin/git'), '#!/bin/sh\n');
    await chmod(join(top, 'bin/git'), 0o755);
    const { status, output } = await setup(['--only', 'aider'], join(top, 'bin'));
    expect(status).toBe(1);
    expect(output).toMatch(/^Python 3\.10, 3\.11 or 3\.12 \(or uv\) is missing; this installs it: .*python.*\n$/);
  });

  it.each([['--unknown'], ['--only', 'ruby'], ['--only']])('refuses %j', async (...args) => {
    const { setup } = await bareCopy();
    const { status, output } = await setup(args);
    expect(status).toBe(1);
    expect(output).toContain('usage:');
  });
});
