import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { maskOf } from '../../src/services/process/mask.ts';
import { nativeVerifier } from '../../src/services/verifier/native.ts';
import type { VerifyReport, VerifyRequest } from '../../src/services/verifier/verifier.ts';
import { type Files, verifyFolders } from '../support/verify-folders/verify-folders.ts';

const folders = verifyFolders();
afterAll(() => folders.remove());
afterEach(() => {
  vi.unstubAllEnvs();
});

const secret = 'ghp_canary0123456789';
const never = new AbortController().signal;

const project = (scripts: Record<string, string>, more: Files = {}): Files => ({
  'package.json': JSON.stringify({ name: 'tried', version: '1.0.0', scripts }, null, 2),
  ...more,
});
const shown = (report: VerifyReport): string[] => report.steps.map((step) => `${step.command} → ${step.exitCode}`);
const gone = (pid: number): Promise<void> =>
  vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), { timeout: 10_000, interval: 20 });
const pidIn = (request: VerifyRequest, file: string): Promise<number> =>
  vi.waitFor(
    () => {
      const pid = Number(readFileSync(join(request.directory, file), 'utf8'));
      expect(pid).toBeGreaterThan(1);
      return pid;
    },
    { timeout: 30_000, interval: 20 },
  );

const adapters = [{ name: 'native', verifier: nativeVerifier({ mask: maskOf([secret]) }) }];

describe.each(adapters)('the $name verifier', { timeout: 300_000 }, ({ verifier }) => {
  it('runs build, lint and test in this order, and passes when all do', async () => {
    const request = folders.request(
      project({ test: 'echo c >> order', lint: 'echo b >> order', build: 'echo a >> order' }),
    );
    const report = await verifier.verify(request, never);
    expect(report).toMatchObject({ verdict: 'passed', notOffered: [] });
    expect(shown(report)).toEqual(['npm run build → 0', 'npm run lint → 0', 'npm run test → 0']);
    expect(readFileSync(join(request.directory, 'order'), 'utf8')).toBe('a\nb\nc\n');
  });

  it('stops at the first that fails, and shows its output', async () => {
    const request = folders.request(project({ build: 'echo built', lint: 'echo "x is bad" && exit 3', test: 'true' }));
    const report = await verifier.verify(request, never);
    expect(report.verdict).toBe('failed');
    expect(shown(report)).toEqual(['npm run build → 0', 'npm run lint → 3']);
    expect(report.steps.at(-1)).toMatchObject({ kind: 'lint', timedOut: false });
    expect(report.steps.at(-1)?.outputTail).toContain('x is bad');
  });

  it.each(['build', 'test'])('fails when the %s does', async (kind) => {
    const report = await verifier.verify(folders.request(project({ [kind]: 'exit 1' })), never);
    expect(report.verdict).toBe('failed');
    expect(report.steps).toMatchObject([{ kind, exitCode: 1 }]);
  });

  it('never counts nothing as passed', async () => {
    for (const files of [{ 'README.md': 'hello' }, project({}), project({ test: 'node --test' })]) {
      const report = await verifier.verify(folders.request(files), never);
      expect(report).toMatchObject({ verdict: 'unverified', notOffered: ['build', 'lint', 'test'] });
    }
  });

  it('keeps each command’s output in a file, named by its digest', async () => {
    const request = folders.request(project({ build: 'echo built', test: 'echo tested' }));
    const { steps } = await verifier.verify(request, never);
    expect(steps.map((step) => step.log.name)).toEqual(['verify-1-1-build.log', 'verify-1-2-test.log']);
    for (const { log } of steps) {
      const content = readFileSync(join(request.logsDirectory, log.name));
      expect(log.sha256).toBe(createHash('sha256').update(content).digest('hex'));
    }
  });

  it('judges the change by its own files but with the commands of the base', async () => {
    const request = folders.request(project({ test: 'node test.mjs' }, { 'test.mjs': 'process.exit(1)' }), {
      'test.mjs': 'process.exit(0)',
    });
    await expect(verifier.verify(request, never)).resolves.toMatchObject({ verdict: 'passed' });
  });

  it('fails, and does not run, a script that the change altered', async () => {
    const request = folders.request(project({ test: 'exit 1' }), project({ test: 'touch ran' }));
    const report = await verifier.verify(request, never);
    expect(report.verdict).toBe('failed');
    expect(report.steps).toMatchObject([{ kind: 'test', exitCode: null, timedOut: false }]);
    expect(report.steps[0]?.outputTail).toContain('the change altered the script "test" from "exit 1" to "touch ran"');
    expect(existsSync(join(request.directory, 'ran'))).toBe(false);
  });

  it('stops a command that hangs, with all that it started', async () => {
    const script = `trap '' TERM; sh -c 'trap "" TERM; echo $$ > hung.pid; while :; do sleep 1; done' & wait; wait`;
    const files = project({ build: 'sh hang.sh', test: 'touch tested' }, { 'hang.sh': script });
    const request = { ...folders.request(files), timeLimitMs: 6_000 };
    const report = await verifier.verify(request, never);
    expect(report.verdict).toBe('failed');
    expect(report.steps).toMatchObject([{ kind: 'build', exitCode: null, timedOut: true }]);
    expect(existsSync(join(request.directory, 'tested'))).toBe(false);
    await gone(await pidIn(request, 'hung.pid'));
  });

  it('says nothing of a commit whose checkout disappears', async () => {
    const lost = { failure: { code: 'CW-WORKSPACE-LOST' } };
    const offering = folders.request(project({ test: 'true' }));
    rmSync(offering.directory, { recursive: true });
    await expect(verifier.verify(offering, never)).rejects.toMatchObject(lost);

    const baseGone = folders.request(project({ test: 'true' }));
    rmSync(baseGone.baseDirectory, { recursive: true });
    await expect(verifier.verify(baseGone, never)).rejects.toMatchObject(lost);

    const inMidCommand = folders.request(project({ test: 'rm -rf "$PWD"; exit 1' }));
    await expect(verifier.verify(inMidCommand, never)).rejects.toMatchObject(lost);
  });

  it('does not start what there is no time left for, and says so', async () => {
    const request = { ...folders.request(project({ test: 'touch ran' })), timeLimitMs: 0 };
    const report = await verifier.verify(request, never);
    expect(report.steps).toMatchObject([{ exitCode: null, timedOut: true }]);
    expect(report.steps[0]?.outputTail).toContain('the time for the verification was used up');
    expect(existsSync(join(request.directory, 'ran'))).toBe(false);
  });

  it('leaves no server behind that a passing test started', async () => {
    const test = `
      import { spawn } from 'node:child_process';
      import { writeFileSync } from 'node:fs';
      for (const detached of [false, ${process.platform === 'linux'}]) {
        const server = spawn('sleep', ['300'], { detached, stdio: 'ignore' });
        writeFileSync(\`server-\${detached}.pid\`, String(server.pid));
        server.unref();
      }
      if (process.platform !== 'linux') writeFileSync('server-true.pid', '2147483647');`;
    const request = folders.request(project({ test: 'node test.mjs' }, { 'test.mjs': test }));
    await expect(verifier.verify(request, never)).resolves.toMatchObject({ verdict: 'passed' });
    await gone(await pidIn(request, 'server-false.pid'));
    if (process.platform === 'linux') await gone(await pidIn(request, 'server-true.pid'));
  });

  it('kills the running command when aborted, and rejects with the reason', async () => {
    const request = folders.request(project({ test: 'echo $$ > running.pid; sleep 300' }));
    const stop = new AbortController();
    const verifying = verifier.verify(request, stop.signal);
    const pid = await pidIn(request, 'running.pid');
    const reason = new Error('the task was cancelled');
    stop.abort(reason);
    await expect(verifying).rejects.toBe(reason);
    await gone(pid);
  });

  it('shows no secret of the worker to a test, and masks one that appears all the same', async () => {
    vi.stubEnv('GITHUB_TOKEN', secret);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'aws-canary-0123456789');
    const environment = await verifier.verify(folders.request(project({ test: 'env' })), never);
    expect(environment.steps[0]?.outputTail).not.toMatch(/GITHUB_TOKEN|AWS_|canary|\[secret\]/);
    expect(environment.steps[0]?.outputTail).toContain('CI=true');

    const request = folders.request(project({ test: `echo token ${secret} && exit 1` }));
    const { steps } = await verifier.verify(request, never);
    expect(steps[0]?.outputTail).toContain('token [secret]');
    const log = readFileSync(join(request.logsDirectory, steps[0]?.log.name ?? ''), 'utf8');
    expect(JSON.stringify(steps) + log).not.toContain(secret);
  });

  it('does not let the worker’s own tools stand in for the repository’s', async () => {
    const ours = join(import.meta.dirname, '../../node_modules/.bin');
    vi.stubEnv('PATH', `${ours}:${process.env['PATH']}`);
    const report = await verifier.verify(folders.request(project({ lint: 'echo "PATH is $PATH"' })), never);
    expect(report.steps[0]?.outputTail).toContain('PATH is /');
    expect(report.steps[0]?.outputTail).not.toContain(ours);
  });

  it('names a tool that is not on this machine, and how to get it', async () => {
    const files = { ...project({ test: 'true' }), 'pnpm-lock.yaml': 'lockfileVersion: "9.0"\n' };
    const withoutTools = nativeVerifier({ mask: (text) => text, extraEnvironment: { PATH: '/nowhere' } });
    await expect(withoutTools.verify(folders.request(files), never)).rejects.toMatchObject({
      failure: {
        code: 'CW-VERIFY-TOOL-MISSING',
        message:
          '`pnpm install --frozen-lockfile` needs pnpm, which is not on this machine. Install it with `npm install --global pnpm`.',
      },
    });
  });
});
