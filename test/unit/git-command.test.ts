// A git command on this machine: what it prints comes whole, and it has ended when its caller goes on.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { childEnvironment } from '../../src/services/process/environment.ts';
import { ProgramNotFound } from '../../src/services/process/run.ts';
import { gitCommand, type GitCommand } from '../../src/services/workspace/git-command.ts';
import { processesNaming } from '../support/agent/processes-naming.ts';

const never = new AbortController().signal;

async function repository(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'git-command-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await execa('git', ['init', '--quiet', folder]);
  return folder;
}

const git = (cwd: string, args: string[], change: Partial<GitCommand> = {}, signal = never) =>
  gitCommand({ args, cwd, env: childEnvironment(), timeLimitMs: 60_000, ...change }, signal);

/** A file that git waits for until somebody writes into it, and the command that does so. */
async function waitingCommand(cwd: string): Promise<string[]> {
  const pipe = join(cwd, 'pipe');
  await execa('mkfifo', [pipe]);
  return ['hash-object', pipe];
}

test('gives its standard input, both outputs to the last byte, and the exit status', async () => {
  const cwd = await repository();
  const input = `${'é\n'.repeat(100_000)}no line end`;
  const stored = await git(cwd, ['hash-object', '-w', '--stdin'], { input });
  expect(stored).toMatchObject({ exitCode: 0, stderr: '', timedOut: false });
  expect((await git(cwd, ['cat-file', 'blob', stored.stdout.trim()])).stdout).toBe(input);
  const refused = await git(cwd, ['cat-file', 'blob', 'nothing']);
  expect(refused).toMatchObject({ exitCode: 128, stdout: '' });
  expect(refused.stderr).toContain('fatal: ');
  // Without an error message, too, a status is a status.
  expect(await git(cwd, ['rev-parse', '--quiet', '--verify', 'nothing'])).toMatchObject({ exitCode: 1, stderr: '' });
});

test('an abort rejects with its reason once git has ended', async () => {
  const cwd = await repository();
  const stop = new AbortController();
  const args = await waitingCommand(cwd);
  const running = git(cwd, args, {}, stop.signal);
  await expect.poll(() => processesNaming(args[1] ?? ''), { timeout: 30_000 }).toHaveLength(1);
  const reason = new Error('stopping');
  stop.abort(reason);
  await expect(running).rejects.toBe(reason);
  expect(await processesNaming(args[1] ?? '')).toEqual([]);
});

test('a limit that has passed is told, and git has ended', async () => {
  const cwd = await repository();
  const args = await waitingCommand(cwd);
  expect(await git(cwd, args, { timeLimitMs: 50 })).toMatchObject({ exitCode: null, timedOut: true });
  expect(await processesNaming(args[1] ?? '')).toEqual([]);
});

test('a missing program and a missing folder are told apart', async () => {
  const cwd = await repository();
  const empty = join(cwd, 'empty');
  await mkdir(empty);
  await expect(git(cwd, ['version'], { env: { PATH: empty } })).rejects.toBeInstanceOf(ProgramNotFound);
  const lost = git(join(cwd, 'gone'), ['version']);
  await expect(lost).rejects.toMatchObject({ failure: { code: 'CW-WORKSPACE-LOST' } });
});
