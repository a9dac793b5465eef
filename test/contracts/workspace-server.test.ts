// The contract of the workspace port, continued: pushing, and what goes wrong between us and the server.
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { maskOf } from '../../src/services/process/mask.ts';
import type { FailureCode } from '../../src/events/failure-codes.ts';
import type { Fault, FaultMatch } from '../support/github/faults.ts';
import {
  allTextOf,
  canary,
  canaryHeader,
  failureIn,
  filesWith,
  git,
  processesWith,
  rejectionOf,
  repository,
  workerMessage,
  workspaceScene,
} from '../support/workspace/scene.ts';

const uploadPack = { method: 'POST', path: `/${repository}.git/git-upload-pack` };
const receivePack = { method: 'POST', path: `/${repository}.git/git-receive-pack` };
const everyRequest = { path: /\.git\// };

/** A scene in which the worker has made one commit. */
async function withCommit() {
  const scene = await workspaceScene();
  const { workspace, key, signal, github } = scene;
  const { base } = await workspace.clone(key, signal);
  const directory = await workspace.checkout(key, base.commit, signal);
  await writeFile(path.join(directory, 'new.txt'), 'new\n');
  const facts = { parent: base.commit, base: base.commit, message: workerMessage('Add a file') };
  const { commit } = await workspace.commit(key, facts, signal);
  const remoteTip = async () =>
    (await git(
      github.gitDirectory(repository),
      'for-each-ref',
      '--format=%(objectname)',
      `refs/heads/${key.branch}`,
    )) || null;
  return { ...scene, base, commit, remoteTip };
}

const hook = (directory: string, name: string, script: string) =>
  writeFile(path.join(directory, 'hooks', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });

describe('push', () => {
  test('makes the branch, leaves every other as it was, and a second time finds it there', async () => {
    const { workspace, key, signal, github, commit, base, remoteTip } = await withCommit();
    await workspace.push(key, { commit, expected: null }, signal);
    await workspace.push(key, { commit, expected: null }, signal);
    expect(await remoteTip()).toBe(commit);
    const refs = await git(github.gitDirectory(repository), 'for-each-ref', '--format=%(refname) %(objectname)');
    expect(refs).toBe(`refs/heads/${key.branch} ${commit}\nrefs/heads/main ${base.commit}`);
    expect(github.requests.filter((request) => request.path === receivePack.path)).toHaveLength(1);
  });

  test('replaces the worker’s own earlier work when told to expect it', async () => {
    const { workspace, key, signal, github, commit, remoteTip } = await withCommit();
    const earlier = await github.commitTo(repository, key.branch, { 'a.txt': 'x' }, workerMessage('Earlier work'));
    await workspace.push(key, { commit, expected: earlier }, signal);
    expect(await remoteTip()).toBe(commit);
  });

  test.each([true, false])('never overwrites what somebody else pushed (branch expected: %s)', async (expected) => {
    const { workspace, key, signal, github, commit, remoteTip } = await withCommit();
    const earlier = await github.commitTo(repository, key.branch, { 'a.txt': 'x' }, workerMessage('Earlier work'));
    const theirs = await github.commitTo(repository, key.branch, { 'a.txt': 'y' }, 'A human’s');
    const push = workspace.push(key, { commit, expected: expected ? earlier : null }, signal);
    expect((await failureIn(push)).failure.code).toBe('CW-GIT-BRANCH-TAKEN');
    expect(await remoteTip()).toBe(theirs);
  });

  test('loses to somebody who pushes between our look and our push', async () => {
    const { workspace, key, signal, github, commit, base, remoteTip } = await withCommit();
    const move = `git update-ref refs/heads/${key.branch} ${base.commit}`;
    await hook(github.gitDirectory(repository), 'pre-receive', `unset GIT_QUARANTINE_PATH\n${move}`);
    const error = await failureIn(workspace.push(key, { commit, expected: null }, signal));
    expect(error.failure.code).toBe('CW-GIT-BRANCH-TAKEN');
    expect(await remoteTip()).toBe(base.commit);
  });

  test('reports a refusal by the server’s rules', async () => {
    const { workspace, key, signal, github, commit } = await withCommit();
    await hook(github.gitDirectory(repository), 'pre-receive', 'echo "Changes must be reviewed"; exit 1');
    const { failure } = await failureIn(workspace.push(key, { commit, expected: null }, signal));
    expect(failure).toMatchObject({ code: 'CW-GIT-PUSH-REJECTED', retryable: false });
    expect(failure.message).toContain('Changes must be reviewed');
  });

  test('is a success when only the answer was lost', async () => {
    const { workspace, key, signal, github, commit, remoteTip } = await withCommit();
    github.fail(receivePack, { afterSuccess: true, dropConnection: true, times: 5 });
    await workspace.push(key, { commit, expected: null }, signal);
    expect(await remoteTip()).toBe(commit);
  });

  test('that was interrupted after it took effect is found by the next call', async () => {
    const { workspace, key, github, commit, remoteTip, signal } = await withCommit();
    github.fail(receivePack, { afterSuccess: true, hang: true });
    const stop = new AbortController();
    const rejection = rejectionOf(workspace.push(key, { commit, expected: null }, stop.signal));
    await vi.waitFor(async () => expect(await remoteTip()).toBe(commit), { timeout: 10_000 });
    const reason = new Error('stopped in the middle');
    stop.abort(reason);
    expect(await rejection).toBe(reason);
    await workspace.push(key, { commit, expected: null }, signal);
  });

  test('with a token that may only read is an authentication failure', async () => {
    const { withOptions, key, signal, github, commit } = await withCommit();
    const reader = withOptions({ token: github.addToken({ permission: 'read', login: 'reader' }) });
    const error = await failureIn(reader.push(key, { commit, expected: null }, signal));
    expect(error.failure.code).toBe('CW-GIT-AUTH');
  });
});

describe('deleteRemoteBranch', () => {
  test('deletes the branch at the commit, once, even when the working copies are gone', async () => {
    const { workspace, key, signal, commit, remoteTip } = await withCommit();
    await workspace.push(key, { commit, expected: null }, signal);
    await workspace.dispose(key);
    expect(await workspace.deleteRemoteBranch(key, commit, signal)).toBe(true);
    expect(await remoteTip()).toBeNull();
    expect(await workspace.deleteRemoteBranch(key, commit, signal)).toBe(false);
  });

  test('leaves a branch alone that has moved on', async () => {
    const { workspace, key, signal, github, commit, remoteTip } = await withCommit();
    await workspace.push(key, { commit, expected: null }, signal);
    const theirs = await github.commitTo(repository, key.branch, { 'a.txt': 'y' }, 'A human’s');
    expect(await workspace.deleteRemoteBranch(key, commit, signal)).toBe(false);
    expect(await remoteTip()).toBe(theirs);
  });

  test('has deleted when only the answer was lost', async () => {
    const { workspace, key, signal, github, commit } = await withCommit();
    await workspace.push(key, { commit, expected: null }, signal);
    github.fail(receivePack, { afterSuccess: true, dropConnection: true, times: 5 });
    expect(await workspace.deleteRemoteBranch(key, commit, signal)).toBe(true);
  });
});

type Case = { name: string; match: FaultMatch; fault: Fault; code: FailureCode };

describe('a clone that fails', () => {
  const cases: Case[] = [
    { name: 'a server error', match: everyRequest, fault: { status: 503 }, code: 'CW-GIT-NETWORK' },
    { name: 'a server error in mid clone', match: uploadPack, fault: { status: 502 }, code: 'CW-GIT-NETWORK' },
    { name: 'too many requests', match: everyRequest, fault: { status: 429 }, code: 'CW-GIT-NETWORK' },
    { name: 'a dropped connection', match: everyRequest, fault: { dropConnection: true }, code: 'CW-GIT-NETWORK' },
    { name: 'one dropped in mid clone', match: uploadPack, fault: { dropConnection: true }, code: 'CW-GIT-NETWORK' },
    { name: 'a forbidden repository', match: everyRequest, fault: { status: 403 }, code: 'CW-GIT-AUTH' },
    { name: 'a repository that is gone', match: everyRequest, fault: { status: 404 }, code: 'CW-GIT-NOT-FOUND' },
  ];
  test.each(cases)('by $name is $code', async ({ match, fault, code }) => {
    const { workspace, key, signal, github, root } = await workspaceScene();
    github.fail(match, { times: 50, ...fault });
    expect((await failureIn(workspace.clone(key, signal))).failure.code).toBe(code);
    expect(await readdir(path.join(root, key.taskId))).toEqual([]);
    github.clearFaults();
    await workspace.clone(key, signal);
    expect(await filesWith(root, [canary, canaryHeader])).toEqual([]);
  });

  test('by a wrong token is CW-GIT-AUTH, by one that sees nothing CW-GIT-NOT-FOUND', async () => {
    const { withOptions, key, signal, github } = await workspaceScene();
    const wrong = withOptions({ token: 'ghp_thisOneIsNotKnownToTheServer00000' });
    expect((await failureIn(wrong.clone(key, signal))).failure.code).toBe('CW-GIT-AUTH');
    const blind = withOptions({ token: github.addToken({ permission: 'none', login: 'blind' }) });
    expect((await failureIn(blind.clone(key, signal))).failure.code).toBe('CW-GIT-NOT-FOUND');
  });

  test('by a server that is not there is CW-GIT-NETWORK', async () => {
    const { workspace, key, signal, github } = await workspaceScene();
    await github.close();
    expect((await failureIn(workspace.clone(key, signal))).failure.code).toBe('CW-GIT-NETWORK');
  });

  test('because the repository is empty is CW-GIT-EMPTY-REPOSITORY', async () => {
    const { workspace, key, signal, github } = await workspaceScene({ empty: true });
    expect((await failureIn(workspace.clone(key, signal))).failure.code).toBe('CW-GIT-EMPTY-REPOSITORY');
    await github.commitTo(repository, 'not-the-default', { 'a.txt': 'x' }, 'First');
    expect((await failureIn(workspace.clone(key, signal))).failure.code).toBe('CW-GIT-EMPTY-REPOSITORY');
  });

  test('because the server never answers is CW-GIT-TIMEOUT', async () => {
    const { withOptions, key, signal, github } = await workspaceScene();
    github.fail(uploadPack, { hang: true });
    const { failure } = await failureIn(withOptions({ commandMaxMs: 1_000 }).clone(key, signal));
    expect(failure).toMatchObject({ code: 'CW-GIT-TIMEOUT', retryable: true });
  });
});

test('an abort in mid clone ends git, shows no token in any command line, and the next clone succeeds', async () => {
  const { workspace, key, signal, github, root } = await workspaceScene();
  github.fail({ ...everyRequest, method: 'POST' }, { hang: true });
  const stop = new AbortController();
  const rejection = rejectionOf(workspace.clone(key, stop.signal));
  await vi.waitFor(() => expect(github.requests.at(-1)?.method).toBe('POST'), { timeout: 10_000 });
  expect((await processesWith(github.url)).length).toBeGreaterThan(0);
  expect([...(await processesWith(canary)), ...(await processesWith(canaryHeader))]).toEqual([]);
  const reason = new Error('enough');
  stop.abort(reason);
  expect(await rejection).toBe(reason);
  await vi.waitFor(async () => expect(await processesWith(github.url)).toEqual([]), { timeout: 10_000 });
  await workspace.clone(key, signal);
  expect(await filesWith(root, [canary, canaryHeader])).toEqual([]);
});

test('a call that was aborted before it began does nothing', async () => {
  const { workspace, key, github } = await workspaceScene();
  await expect(workspace.clone(key, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
  expect(github.requests).toEqual([]);
});

test('a server that echoes the token does not get it into an error', async () => {
  const { workspace, withOptions, key, signal, github } = await workspaceScene();
  const echo = { status: 403, headers: { 'content-type': 'text/plain' }, body: `no: ${canary} ${canaryHeader}` };
  github.fail(everyRequest, { ...echo, times: 50 });
  for (const each of [workspace, withOptions({ mask: maskOf([canary]) })]) {
    const error = await failureIn(each.clone(key, signal));
    expect(error.failure.message).toContain('[secret]');
    expect(`${allTextOf(error)}${JSON.stringify(error)}`).not.toContain(canary);
    expect(`${allTextOf(error)}${JSON.stringify(error)}`).not.toContain(canaryHeader);
  }
});
