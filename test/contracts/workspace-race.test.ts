// Somebody pushes to the task's branch after we looked and before we push: only the expected old value that goes with the push can tell.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { racingProxy } from '../support/workspace/racing-proxy.ts';
import { failureIn, git, repository, workerMessage, workspaceScene } from '../support/workspace/scene.ts';

async function race() {
  const scene = await workspaceScene();
  const { workspace, key, signal, github } = scene;
  const { base } = await workspace.clone(key, signal);
  const directory = await workspace.checkout(key, base.commit, signal);
  await writeFile(path.join(directory, 'new.txt'), 'new\n');
  const facts = { parent: base.commit, base: base.commit, message: workerMessage('Add a file') };
  const { commit } = await workspace.commit(key, facts, signal);
  const humanPush = () => github.commitTo(repository, key.branch, { 'theirs.txt': 'y' }, 'A human’s');
  const racing = scene.withOptions({ serverUrl: await racingProxy(github.url, humanPush) });
  const remoteSubject = () => git(github.gitDirectory(repository), 'log', '-1', '--format=%s', key.branch);
  return { ...scene, racing, commit, remoteSubject };
}

test('a branch that appears meanwhile is not overwritten', async () => {
  const { racing, key, signal, commit, remoteSubject } = await race();
  const { failure } = await failureIn(racing.push(key, { commit, expected: null }, signal));
  expect(failure.code).toBe('CW-GIT-BRANCH-TAKEN');
  expect(await remoteSubject()).toBe('A human’s');
});

test('a branch that moves meanwhile is not overwritten', async () => {
  const { racing, key, signal, github, commit, remoteSubject } = await race();
  const expected = await github.commitTo(repository, key.branch, { 'a.txt': 'x' }, workerMessage('Earlier work'));
  expect((await failureIn(racing.push(key, { commit, expected }, signal))).failure.code).toBe('CW-GIT-BRANCH-TAKEN');
  expect(await remoteSubject()).toBe('A human’s');
});

test('a branch that moves meanwhile is not deleted', async () => {
  const { workspace, racing, key, signal, commit, remoteSubject } = await race();
  await workspace.push(key, { commit, expected: null }, signal);
  expect(await racing.deleteRemoteBranch(key, commit, signal)).toBe(false);
  expect(await remoteSubject()).toBe('A human’s');
});
