import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { killLeftovers } from '../../src/services/process/process-group.ts';
import { ProgramNotFound, run, type RunRequest } from '../../src/services/process/run.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'run-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const never = new AbortController().signal;
const generousMs = 60_000;

const sh = (script: string, facts: Partial<RunRequest> = {}): RunRequest => ({
  program: 'sh',
  args: ['-c', script],
  cwd: folder,
  timeLimitMs: generousMs,
  mask: (text) => text,
  ...facts,
});

const node = (script: string, facts: Partial<RunRequest> = {}): RunRequest =>
  sh('', { program: process.execPath, args: ['-e', script], ...facts });

/** Zombies count as gone: they run nothing. */
const isRunning = (pid: number): boolean => {
  const stat = execFileSync('ps', ['-o', 'stat=', '-p', `${pid}`, '-p', `${process.pid}`, '-o', 'pid='], {
    encoding: 'utf8',
  });
  return stat.split('\n').some((line) => new RegExp(`^\\s*[^Z\\s]\\S*\\s+${pid}\\s*$`).test(line));
};
const pidIn = (file: string): number => Number(readFileSync(join(folder, file), 'utf8'));
const gone = (pid: number): Promise<void> =>
  vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 10_000, interval: 20 });
const written = (file: string): Promise<number> =>
  vi.waitFor(
    () => {
      const pid = pidIn(file);
      expect(pid).toBeGreaterThan(1);
      return pid;
    },
    { timeout: 10_000, interval: 20 },
  );

describe('a program that ends', () => {
  it('gives its exit status, whatever it is', async () => {
    await expect(run(sh('exit 7'), never)).resolves.toMatchObject({ exitCode: 7, timedOut: false });
    await expect(run(sh('true'), never)).resolves.toMatchObject({ exitCode: 0 });
  });

  it('gives no exit status when a signal ended it', async () => {
    await expect(run(sh('kill -9 $$'), never)).resolves.toMatchObject({ exitCode: null, timedOut: false });
  });

  it('finds its standard input closed', async () => {
    await expect(run(sh('cat; echo ended'), never)).resolves.toMatchObject({ outputTail: 'ended\n' });
  });

  it('takes its arguments as they are, without a shell', async () => {
    const request = sh('', { program: 'printf', args: ['%s\n', '$(id) `id` "; id'] });
    await expect(run(request, never)).resolves.toMatchObject({ outputTail: '$(id) `id` "; id\n' });
  });
});

describe('a program that cannot be started', () => {
  it('is named when it is not installed', async () => {
    const missing = run(sh('', { program: 'no-such-program-here', args: [] }), never);
    await expect(missing).rejects.toBeInstanceOf(ProgramNotFound);
    await expect(missing).rejects.toMatchObject({ program: 'no-such-program-here' });
  });

  it('is not called missing when it is the working directory that is', async () => {
    const lost = run(sh('true', { cwd: join(folder, 'gone') }), never);
    await expect(lost).rejects.toThrow('could not be started in');
    await expect(lost).rejects.not.toBeInstanceOf(ProgramNotFound);
  });

  it('is not started at all after an abort', async () => {
    const reason = new Error('stopped before');
    await expect(run(sh('touch started'), AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(existsSync(join(folder, 'started'))).toBe(false);
  });
});

describe('nothing that was started stays', () => {
  it('kills a background process of the group when the program ends by itself, even one without its environment', async () => {
    await expect(run(sh('env -i /bin/sleep 300 & echo $! > background.pid'), never)).resolves.toMatchObject({
      exitCode: 0,
    });
    await gone(pidIn('background.pid'));
  });

  it('kills a grandchild that ignores SIGTERM when the time is up', async () => {
    const script = `trap '' TERM; sh -c 'trap "" TERM; echo $$ > grandchild.pid; while :; do sleep 1; done' & wait; wait; wait`;
    const result = await run(sh(script, { timeLimitMs: 1_000 }), never);
    expect(result).toMatchObject({ exitCode: null, timedOut: true });
    await gone(pidIn('grandchild.pid'));
  }, 30_000);

  it('reports a time-out even if the program then ends with status 0', async () => {
    const result = await run(sh('trap "exit 0" TERM; while :; do sleep 0.1; done', { timeLimitMs: 500 }), never);
    expect(result).toMatchObject({ exitCode: null, timedOut: true });
  });

  it('kills the group when aborted, and rejects with the reason', async () => {
    const stop = new AbortController();
    const running = run(sh('sleep 300 & echo $! > aborted.pid; wait'), stop.signal);
    const reason = new Error('the task was cancelled');
    const pid = await written('aborted.pid');
    stop.abort(reason);
    await expect(running).rejects.toBe(reason);
    await gone(pid);
  });

  it.runIf(process.platform === 'linux')('kills a server that left the process group', async () => {
    const script = `
      const { spawn } = require('node:child_process');
      const server = spawn('sleep', ['300'], { detached: true, stdio: 'inherit' });
      require('node:fs').writeFileSync('detached.pid', String(server.pid));
      server.unref();`;
    await expect(run(node(script), never)).resolves.toMatchObject({ exitCode: 0 });
    await gone(pidIn('detached.pid'));
  });

  it('does not wait for ever for an escaped process that holds the output open', async () => {
    const script = `
      const { spawn } = require('node:child_process');
      const escaped = spawn('/bin/sleep', ['300'], { detached: true, stdio: 'inherit', env: {} });
      require('node:fs').writeFileSync('escaped.pid', String(escaped.pid));
      console.log('done');
      escaped.unref();`;
    try {
      await expect(run(node(script), never)).resolves.toMatchObject({ exitCode: 0, outputTail: 'done\n' });
    } finally {
      process.kill(pidIn('escaped.pid'), 'SIGKILL');
    }
  });

  it.runIf(process.platform === 'linux')('finds what a worker left that was killed itself', async () => {
    const runner = new URL('../../src/services/process/run.ts', import.meta.url).href;
    const script = `
      const { run } = await import(${JSON.stringify(runner)});
      await run({ program: 'sh', args: ['-c', 'echo $$ > left.pid; sleep 300'], cwd: ${JSON.stringify(folder)},
        timeLimitMs: 300_000, mask: (text) => text }, new AbortController().signal);`;
    const worker = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' });
    const left = await written('left.pid');
    worker.kill('SIGKILL');
    await once(worker, 'exit');
    expect(isRunning(left)).toBe(true);
    expect(killLeftovers()).toBeGreaterThanOrEqual(1);
    await gone(left);
  });

  it('leaves alone what belongs to a run that still goes on', async () => {
    const stop = new AbortController();
    const running = run(sh('echo $$ > going-on.pid; sleep 300'), stop.signal);
    const pid = await written('going-on.pid');
    await run(sh('true'), never);
    killLeftovers();
    expect(isRunning(pid)).toBe(true);
    stop.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
  });
});

describe('the environment of a child', () => {
  it('holds no variable of the worker but the allowed ones', async () => {
    const canary = 'canary-2f6c1d';
    const secretNames = [
      'GITHUB_TOKEN',
      'GH_TOKEN',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_SESSION_TOKEN',
      'NPM_TOKEN',
      'MY_PW',
    ];
    for (const name of secretNames) vi.stubEnv(name, canary);
    try {
      const { outputTail } = await run(sh('env', { env: { GIVEN: 'yes' } }), never);
      expect(outputTail).toContain('GIVEN=yes\n');
      expect(outputTail).toContain('PATH=');
      expect(outputTail).not.toContain(canary);
    } finally {
      vi.unstubAllEnvs();
    }
  });
});
