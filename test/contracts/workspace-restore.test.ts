// The contract of the workspace port for working copies that are gone: made anew from the server's base and the kept commits, or refused.
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { branchesOf } from '../support/github/bare-repository.ts';
import { failureIn, git, repository, workerMessage, workspaceScene } from '../support/workspace/scene.ts';

/** Two commits on a base that the default branch has left behind, kept as a bundle. */
async function kept() {
  const scene = await workspaceScene({ files: { 'README.md': '# shop\n', '.gitignore': 'dist/\n' } });
  const { workspace, key, signal, github, root } = scene;
  await github.commitTo(repository, 'main', { 'second.txt': 'x\n' }, 'A history to be left out');
  const { base } = await workspace.clone(key, signal);
  const commits: string[] = [];
  for (const name of ['one.txt', 'two.txt']) {
    const parent = commits.at(-1) ?? base.commit;
    const directory = await workspace.checkout(key, parent, signal);
    await writeFile(path.join(directory, name), `${name}\n`);
    const facts = { parent, base: base.commit, message: workerMessage(name) };
    commits.push((await workspace.commit(key, facts, signal)).commit);
  }
  const [first = '', commit = ''] = commits;
  const bundle = await workspace.bundle(key, { base: base.commit, commit }, signal);
  await github.commitTo(repository, 'main', { 'README.md': '# moved on\n' }, 'Move on');
  await rm(path.join(root, key.taskId), { recursive: true });
  const restore = (facts: Partial<{ base: string; commit: string; bundle: Buffer }> = {}) =>
    workspace.restore(key, { base: base.commit, commit, bundle, ...facts }, signal);
  return { ...scene, base: base.commit, first, commit, bundle, restore };
}

describe('restore', () => {
  test('makes the working copies anew: files, history, and a push that the server takes', async () => {
    const { workspace, key, signal, github, base, first, commit, restore } = await kept();
    await restore();
    const directory = await workspace.checkout(key, commit, signal);
    expect(await readFile(path.join(directory, 'two.txt'), 'utf8')).toBe('two.txt\n');
    expect(await readFile(path.join(directory, 'README.md'), 'utf8')).toBe('# shop\n');
    expect(await git(directory, 'log', '--format=%H')).toBe([commit, first, base].join('\n'));
    await workspace.checkoutBeside(key, 'base', base, signal);
    await workspace.push(key, { commit, expected: null }, signal);
    expect((await branchesOf(github.gitDirectory(repository))).get(key.branch)).toBe(commit);
  });

  test('goes on with new commits as if nothing had happened, ignored build files left out', async () => {
    const { workspace, key, signal, base, commit, restore } = await kept();
    await restore();
    const directory = await workspace.checkout(key, commit, signal);
    await writeFile(path.join(directory, 'three.txt'), 'x\n');
    await writeFile(path.join(directory, '.aider.notes'), 'x\n');
    const facts = { parent: commit, base, message: workerMessage('three') };
    expect((await workspace.commit(key, facts, signal)).files).toEqual(['one.txt', 'three.txt', 'two.txt']);
  });

  test('without a bundle it is the base alone, and it may be repeated', async () => {
    const { workspace, key, signal, root, base } = await kept();
    for (const _ of [1, 2]) await workspace.restore(key, { base, commit: base }, signal);
    const directory = await workspace.checkout(key, base, signal);
    expect(await readFile(path.join(directory, 'README.md'), 'utf8')).toBe('# shop\n');
    expect(await git(path.join(root, key.taskId, 'store'), 'rev-list', '--count', '--all')).toBe('1');
  });

  test.each([
    ['cut off', (bundle: Buffer) => bundle.subarray(0, -30)],
    ['changed in its pack', (bundle: Buffer) => flipped(bundle, bundle.length - 40)],
    ['changed in its head', (bundle: Buffer) => flipped(bundle, 5)],
    ['empty', () => Buffer.alloc(0)],
    ['no bundle', () => Buffer.from('#!/bin/sh\nexit 0\n')],
  ])('refuses a bundle that is %s, and leaves nothing', async (_, damage) => {
    const { workspace, key, signal, base, bundle, restore } = await kept();
    expect((await failureIn(restore({ bundle: damage(bundle) }))).failure.code).toBe('CW-WORKSPACE-LOST');
    expect((await failureIn(workspace.checkout(key, base, signal))).failure.code).toBe('CW-WORKSPACE-LOST');
  });

  test('refuses a bundle that is whole but leads to another commit, or stands on another base', async () => {
    const { github, restore } = await kept();
    const stranger = await github.commitTo(repository, 'other', { 'a.txt': 'x' }, 'Elsewhere');
    expect((await failureIn(restore({ commit: stranger }))).failure.code).toBe('CW-WORKSPACE-LOST');
    expect((await failureIn(restore({ base: stranger }))).failure.code).toBe('CW-WORKSPACE-LOST');
  });

  test('says so when the server has the base no more', async () => {
    const { restore } = await kept();
    expect((await failureIn(restore({ base: '1'.repeat(40) }))).failure).toMatchObject({
      code: 'CW-WORKSPACE-LOST',
      retryable: false,
    });
  });

  test('keeps a failure of the server apart: it is tried again, or is the repository’s', async () => {
    const { github, restore } = await kept();
    github.fail({ path: /git-upload-pack|info\/refs/ }, { status: 503, times: 9 });
    expect((await failureIn(restore())).failure).toMatchObject({ code: 'CW-GIT-NETWORK', retryable: true });
    github.clearFaults();
    github.deleteRepository(repository);
    expect((await failureIn(restore())).failure.code).toBe('CW-GIT-NOT-FOUND');
  });
});

const flipped = (bundle: Buffer, at: number): Buffer => {
  const damaged = Buffer.from(bundle);
  damaged.writeUInt8(damaged.readUInt8(at) ^ 1, at);
  return damaged;
};
