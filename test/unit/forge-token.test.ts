// Where the GitHub token is looked for, and in which order.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findGitHubToken } from '../../src/services/forge/token.ts';
import { never } from '../support/forge/stage.ts';
import { lacksGh } from '../support/lacks.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'forge-token-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Logs gh in, in a settings folder of the test. */
async function logIn(host: string, token: string): Promise<void> {
  await writeFile(path.join(folder, 'hosts.yml'), `${host}:\n    user: octo\n    oauth_token: ${token}\n`);
}
const script = async (text: string): Promise<string> => {
  const program = path.join(folder, 'gh');
  await writeFile(program, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return program;
};
const find = (env: Record<string, string>, more: { host?: string; program?: string } = {}, signal = never) =>
  findGitHubToken({ env: { GH_CONFIG_DIR: folder, ...env }, ...more }, signal);

test('GITHUB_TOKEN comes before GH_TOKEN, and both before gh', async () => {
  await logIn('github.com', 'gho_kept');
  expect(await find({ GITHUB_TOKEN: 'ghp_first', GH_TOKEN: 'ghp_second' })).toBe('ghp_first');
  expect(await find({ GITHUB_TOKEN: ' ', GH_TOKEN: ' ghp_second\n' })).toBe('ghp_second');
  expect(await find({})).toBe('gho_kept');
});

test.skipIf(lacksGh())('gh is asked for the token of the host', async () => {
  await logIn('github.example.com', 'gho_enterprise');
  expect(await find({}, { host: 'github.example.com' })).toBe('gho_enterprise');
  expect(await find({}, { host: 'github.com' })).toBeUndefined();
});

test.skipIf(lacksGh())('there is none when gh is logged out, missing, or says something else', async () => {
  expect(await find({})).toBeUndefined();
  expect(await find({}, { program: 'gh-that-nobody-installed' })).toBeUndefined();
  expect(await find({}, { program: await script('echo please log in first') })).toBeUndefined();
  expect(await find({}, { program: await script('echo gho_token; exit 1') })).toBeUndefined();
});

test('an abort while gh hangs rejects with its reason', async () => {
  const stop = new AbortController();
  const reason = new Error('stop');
  const waiting = find({}, { program: await script('exec sleep 600') }, stop.signal);
  stop.abort(reason);
  await expect(waiting).rejects.toBe(reason);
});
