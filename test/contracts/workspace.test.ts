// The contract of the workspace port, on real git over HTTP.
import { chmod, mkdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { author, failureIn, git, repository, workerMessage, workspaceScene } from '../support/workspace/scene.ts';

const readmeOnly = { 'README.md': '# shop\n' };

async function cloned(facts: Parameters<typeof workspaceScene>[0] = {}) {
  const scene = await workspaceScene({ files: readmeOnly, ...facts });
  await scene.github.commitTo(repository, 'main', { 'second.txt': 'x\n' }, 'A history to be left out');
  const { base } = await scene.workspace.clone(scene.key, scene.signal);
  const directory = await scene.workspace.checkout(scene.key, base.commit, scene.signal);
  const commit = (message = workerMessage('Change')) =>
    scene.workspace.commit(scene.key, { parent: base.commit, base: base.commit, message }, scene.signal);
  return { ...scene, base, directory, commit };
}

const write = (directory: string, name: string, content: string | Uint8Array = `${name}\n`) =>
  writeFile(path.join(directory, name), content);

describe('clone', () => {
  test.each(['main', 'trunk', 'release/2.x'])('takes the default branch, named %s', async (defaultBranch) => {
    const { workspace, key, signal, github } = await workspaceScene({ defaultBranch });
    const tip = await git(github.gitDirectory(repository), 'rev-parse', `refs/heads/${defaultBranch}`);
    const outcome = await workspace.clone(key, signal);
    expect(outcome).toEqual({ base: { branch: defaultBranch, commit: tip }, remoteHead: null });
  });

  test('fetches one commit only', async () => {
    const { workspace, key, signal, github, root } = await workspaceScene();
    await github.commitTo(repository, 'main', { 'second.txt': 'x' }, 'Second');
    await workspace.clone(key, signal);
    const store = path.join(root, key.taskId, 'store');
    expect(await git(store, 'rev-list', '--count', '--all')).toBe('1');
  });

  test('tells the tip of a branch that this worker pushed before', async () => {
    const { workspace, key, signal, github } = await workspaceScene();
    const tip = await github.commitTo(repository, key.branch, { 'a.txt': 'x' }, workerMessage('Earlier work'));
    expect((await workspace.clone(key, signal)).remoteHead).toBe(tip);
  });

  test('refuses a branch whose tip is a human’s, even above work of the worker', async () => {
    const { workspace, key, signal, github } = await workspaceScene();
    await github.commitTo(repository, key.branch, { 'a.txt': 'x' }, workerMessage('Earlier work'));
    await github.commitTo(repository, key.branch, { 'a.txt': 'y' }, 'Mention CodingWorker-Task: in passing');
    expect((await failureIn(workspace.clone(key, signal))).failure.code).toBe('CW-GIT-BRANCH-TAKEN');
  });

  test('is not misled by a branch that only ends like the task’s', async () => {
    const { workspace, key, signal, github } = await workspaceScene();
    await github.commitTo(repository, `refs/heads/${key.branch}`, { 'a.txt': 'x' }, 'A human’s');
    expect((await workspace.clone(key, signal)).remoteHead).toBeNull();
  });

  test('starts anew over what an earlier one left', async () => {
    const { workspace, key, signal, github, root } = await workspaceScene();
    await mkdir(path.join(root, key.taskId, 'incomplete-abc', 'objects'), { recursive: true });
    await workspace.clone(key, signal);
    const tip = await github.commitTo(repository, 'main', { 'second.txt': 'x' }, 'Second');
    const again = await workspace.clone(key, signal);
    expect(again.base.commit).toBe(tip);
    await expect(stat(path.join(root, key.taskId, 'incomplete-abc'))).rejects.toThrow('ENOENT');
  });
});

describe('checkout', () => {
  test('of a folder that is taken away meanwhile is a lost working copy, no defect', async () => {
    const { workspace, key, signal, base, root } = await cloned();
    // What a cleaner of caches has removed when it is half-way through.
    await rm(path.join(root, key.taskId, 'store', 'info'), { recursive: true });
    const laidOut = workspace.checkout(key, base.commit, signal);
    expect((await failureIn(laidOut)).failure.code).toBe('CW-WORKSPACE-LOST');
  });

  test('leaves nothing but the commit’s files, whatever was there', async () => {
    const { workspace, key, signal, base, directory } = await cloned({
      files: { ...readmeOnly, '.gitignore': '*.log\n' },
    });
    await write(directory, 'README.md', 'changed');
    await write(directory, 'new.txt');
    await write(directory, 'ignored.log');
    await mkdir(path.join(directory, 'nested/.git'), { recursive: true });
    await mkdir(path.join(directory, 'node_modules/x'), { recursive: true });
    await workspace.checkout(key, base.commit, signal);
    expect(await readFile(path.join(directory, 'README.md'), 'utf8')).toBe('# shop\n');
    expect((await git(directory, 'status', '--porcelain', '--ignored')).trim()).toBe('');
    await expect(stat(path.join(directory, 'nested'))).rejects.toThrow('ENOENT');
    await expect(stat(path.join(directory, 'node_modules'))).rejects.toThrow('ENOENT');
  });

  test('gives tools a .git that stands clean on the task’s branch and has no remote', async () => {
    const { workspace, key, signal, directory, commit } = await cloned();
    await write(directory, 'new.txt');
    const { commit: head } = await commit();
    const verify = await workspace.checkoutBeside(key, 'verify', head, signal);
    expect(await git(verify, 'rev-parse', 'HEAD')).toBe(head);
    expect(await git(verify, 'branch', '--show-current')).toBe(key.branch);
    expect(await git(verify, 'status', '--porcelain')).toBe('');
    expect(await git(verify, 'remote')).toBe('');
    expect(await git(verify, 'fsck', '--no-dangling')).toBe('');
  });

  test('beside keeps ignored files and removes the others', async () => {
    const { workspace, key, signal, base } = await cloned();
    const verify = await workspace.checkoutBeside(key, 'verify', base.commit, signal);
    await mkdir(path.join(verify, 'node_modules'));
    await write(verify, 'node_modules/left.js');
    await write(verify, 'report.txt');
    await write(verify, 'README.md', 'changed by a test');
    await workspace.checkoutBeside(key, 'verify', base.commit, signal);
    expect((await stat(path.join(verify, 'node_modules/left.js'))).isFile()).toBe(true);
    await expect(stat(path.join(verify, 'report.txt'))).rejects.toThrow('ENOENT');
    expect(await readFile(path.join(verify, 'README.md'), 'utf8')).toBe('# shop\n');
  });

  test('lays out several checkouts at the same time', async () => {
    const { workspace, key, signal, base } = await cloned();
    const [verify, beside] = await Promise.all([
      workspace.checkoutBeside(key, 'verify', base.commit, signal),
      workspace.checkoutBeside(key, 'base', base.commit, signal),
    ]);
    expect(verify).not.toBe(beside);
    expect(await readFile(path.join(beside, 'README.md'), 'utf8')).toBe('# shop\n');
  });

  test('repairs what a killed git left: locks, a torn index, a missing folder', async () => {
    const { workspace, key, signal, base, directory, root } = await cloned();
    const own = path.join(root, key.taskId, 'store/checkouts/repository');
    await writeFile(path.join(own, 'index.lock'), '');
    await writeFile(path.join(own, 'HEAD.lock'), '');
    await workspace.checkout(key, base.commit, signal);
    await writeFile(path.join(own, 'index'), 'DIRC torn');
    await workspace.checkout(key, base.commit, signal);
    await rm(directory, { recursive: true });
    await workspace.checkout(key, base.commit, signal);
    expect(await git(directory, 'status', '--porcelain')).toBe('');
  });
});

describe('commit', () => {
  test('takes every kind of change and names every path', async () => {
    const { workspace, key, signal, base, directory, commit } = await cloned({
      files: { ...readmeOnly, 'run.sh': 'echo\n', 'old name.txt': 'moved\n', 'gone.txt': 'x\n', 'sub/a.txt': 'a\n' },
    });
    await chmod(path.join(directory, 'run.sh'), 0o755);
    await rename(path.join(directory, 'old name.txt'), path.join(directory, '新しい名前.txt'));
    await rm(path.join(directory, 'gone.txt'));
    await write(directory, '-leading.txt');
    await write(directory, 'tab\tand "quote".txt');
    await write(directory, 'image.png', new Uint8Array([0x89, 0x50, 0, 0xff, 0, 1]));
    await symlink('../README.md', path.join(directory, 'sub/link'));
    const made = await commit();
    const files = [
      '-leading.txt',
      'gone.txt',
      'image.png',
      'old name.txt',
      'run.sh',
      'sub/link',
      'tab\tand "quote".txt',
    ];
    expect(made).toMatchObject({
      changed: true,
      files: [...files, '新しい名前.txt'],
      deleted: ['gone.txt', 'old name.txt'],
    });
    const verify = await workspace.checkoutBeside(key, 'verify', made.commit, signal);
    expect((await stat(path.join(verify, 'run.sh'))).mode & 0o111).toBe(0o111);
    expect([...(await readFile(path.join(verify, 'image.png')))]).toEqual([0x89, 0x50, 0, 0xff, 0, 1]);
    expect(await readFile(path.join(verify, 'sub/link'), 'utf8')).toBe('# shop\n');
    expect(base.commit).not.toBe(made.commit);
  });

  test('is authored as configured, has one parent and our message as it is', async () => {
    const { directory, base, commit, workspace, key, signal } = await cloned();
    await write(directory, 'new.txt');
    const made = await commit('-- Add “new”\n\n# not a comment\n\nCodingWorker-Task: t');
    await workspace.checkout(key, made.commit, signal);
    const who = `${author.name} <${author.email}>`;
    expect(await git(directory, 'log', '-1', '--format=%an <%ae>|%cn <%ce>|%P')).toBe(`${who}|${who}|${base.commit}`);
    expect(await git(directory, 'log', '-1', '--format=%B')).toBe(
      '-- Add “new”\n\n# not a comment\n\nCodingWorker-Task: t\n',
    );
  });

  test('says so when nothing changed', async () => {
    const { base, directory, commit } = await cloned();
    await write(directory, '.aider.chat.history.md');
    expect(await commit()).toEqual({ commit: base.commit, changed: false, files: [], deleted: [] });
  });

  test('names the files against the base, not only against its parent', async () => {
    const { workspace, key, signal, base, directory, commit } = await cloned();
    await write(directory, 'first.txt');
    const first = await commit();
    await write(directory, 'second.txt');
    const facts = { parent: first.commit, base: base.commit, message: workerMessage('Second') };
    expect((await workspace.commit(key, facts, signal)).files).toEqual(['first.txt', 'second.txt']);
  });

  test('leaves dependencies and caches out, but not build output that may be wanted', async () => {
    const { directory, commit } = await cloned({ files: { 'crate/Cargo.toml': '[package]\n' } });
    for (const folder of ['node_modules', '.venv', 'src/__pycache__', 'crate/target', 'dist', 'build']) {
      await mkdir(path.join(directory, folder), { recursive: true });
      await write(directory, `${folder}/file.txt`);
    }
    expect((await commit()).files).toEqual(['build/file.txt', 'dist/file.txt']);
  });

  test('takes “target” for source where nothing builds into it', async () => {
    const { directory, commit } = await cloned();
    await mkdir(path.join(directory, 'target'));
    await write(directory, 'target/file.txt');
    expect((await commit()).files).toEqual(['target/file.txt']);
  });
});

test('dispose removes all of the task’s files and may be repeated', async () => {
  const { workspace, key, root } = await cloned();
  await workspace.dispose(key);
  await workspace.dispose(key);
  await expect(stat(path.join(root, key.taskId))).rejects.toThrow('ENOENT');
});
