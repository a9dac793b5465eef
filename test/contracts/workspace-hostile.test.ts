// The workspace against those who would misuse it: a hostile repository, agent or test run.
import { appendFile, chmod, lstat, mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { isolatedGitEnvironment } from '../support/github/bare-repository.ts';
import {
  failureIn,
  filesWith,
  git,
  repository,
  temporaryFolder,
  workerMessage,
  workspaceScene,
} from '../support/workspace/scene.ts';

async function cloned(files: Record<string, string> = { 'README.md': '# shop\n' }) {
  const scene = await workspaceScene({ files });
  const { base } = await scene.workspace.clone(scene.key, scene.signal);
  const directory = await scene.workspace.checkout(scene.key, base.commit, scene.signal);
  const facts = { parent: base.commit, base: base.commit, message: workerMessage('Change') };
  return { ...scene, base, directory, commit: () => scene.workspace.commit(scene.key, facts, scene.signal) };
}

const codeOf = async (call: Promise<unknown>) => (await failureIn(call)).failure.code;

/** Replaces the default branch by one commit with these tree entries, as `git mktree` reads them. */
async function plantTree(directory: string, entries: (blob: string) => string[], content: string) {
  const at = { cwd: directory, env: isolatedGitEnvironment, extendEnv: false };
  const blob = (await execa('git', ['hash-object', '-w', '--stdin'], { ...at, input: content })).stdout;
  let tree = '';
  for (const lines of entries(blob).map((entry) => entry.split('\n'))) {
    const input = `${lines.join('\n').replaceAll('TREE', tree)}\n`;
    tree = (await execa('git', ['mktree', '--missing'], { ...at, input })).stdout;
  }
  const who = ['-c', 'user.name=mallory', '-c', 'user.email=mallory@example.org'];
  const commit = (await execa('git', [...who, 'commit-tree', tree, '-m', 'x'], at)).stdout;
  await execa('git', ['update-ref', 'refs/heads/main', commit], at);
  return commit;
}

describe('a hostile repository', () => {
  test('cannot run programs by attributes, submodules or a template of hooks', async () => {
    const proof = path.join(await temporaryFolder(), 'ran');
    const { workspace, key, signal, directory, commit } = await cloned({
      '.gitattributes': '* filter=evil diff=evil merge=evil\n',
      '.gitmodules': `[submodule "x"]\n\tpath = x\n\turl = ext::sh -c "touch ${proof}"\n\tupdate = !touch ${proof}\n`,
      '.gitconfig': `[filter "evil"]\n\tclean = touch ${proof}\n\tsmudge = touch ${proof}\n`,
      'hooks/post-checkout': `#!/bin/sh\ntouch ${proof}\n`,
    });
    await writeFile(path.join(directory, 'new.txt'), 'x');
    const made = await commit();
    await workspace.checkoutBeside(key, 'verify', made.commit, signal);
    await workspace.push(key, { commit: made.commit, expected: null }, signal);
    await expect(stat(proof)).rejects.toThrow('ENOENT');
  });

  test('with a tree entry named .git is refused before a file of it is written', async () => {
    const { workspace, key, signal, github, root } = await workspaceScene();
    const levels = (blob: string) => [
      `100755 blob ${blob}\tpost-checkout`,
      '040000 tree TREE\thooks',
      '040000 tree TREE\t.git',
    ];
    await plantTree(github.gitDirectory(repository), levels, '#!/bin/sh\nexit 1 # planted\n');
    const { base } = await workspace.clone(key, signal);
    expect(await codeOf(workspace.checkout(key, base.commit, signal))).toBe('CW-GIT-FAILED');
    expect(await filesWith(path.join(root, key.taskId), ['# planted'])).toEqual([]);
  });

  test('may have a link out of the tree, through which nothing is written', async () => {
    const { workspace, key, signal, github } = await workspaceScene();
    const victim = await temporaryFolder();
    await plantTree(github.gitDirectory(repository), (blob) => [`120000 blob ${blob}\tout`], victim);
    const { base } = await workspace.clone(key, signal);
    const directory = await workspace.checkout(key, base.commit, signal);
    const verify = await workspace.checkoutBeside(key, 'verify', base.commit, signal);
    expect((await lstat(path.join(verify, 'out'))).isSymbolicLink()).toBe(true);
    await rm(path.join(directory, 'out'));
    await mkdir(path.join(directory, 'out'));
    await writeFile(path.join(directory, 'out/file.txt'), 'x');
    const facts = { parent: base.commit, base: base.commit, message: workerMessage('A folder in its place') };
    const { commit } = await workspace.commit(key, facts, signal);
    await workspace.checkoutBeside(key, 'verify', commit, signal);
    expect(await readFile(path.join(verify, 'out/file.txt'), 'utf8')).toBe('x');
    await expect(stat(path.join(victim, 'file.txt'))).rejects.toThrow('ENOENT');
  });

  test('has its submodules left alone', async () => {
    const { workspace, key, signal, github } = await workspaceScene();
    const entries = () => ['160000 commit 0123456789012345678901234567890123456789\tvendored'];
    await plantTree(github.gitDirectory(repository), entries, '');
    const { base } = await workspace.clone(key, signal);
    const directory = await workspace.checkout(key, base.commit, signal);
    await writeFile(path.join(directory, 'new.txt'), 'x');
    const facts = { parent: base.commit, base: base.commit, message: workerMessage('x') };
    expect((await workspace.commit(key, facts, signal)).files).toEqual(['new.txt']);
  });
});

describe('a hostile agent', () => {
  test.each([
    ['an absolute link', '/etc/passwd'],
    ['a link above the root', '../../../elsewhere'],
    ['a link into .git', '../.git/config'],
    ['a link whose way cannot be told', 'a/../../README.md'],
  ])('cannot commit %s', async (_name, target) => {
    const { directory, commit } = await cloned();
    await mkdir(path.join(directory, 'sub'));
    await symlink(target, path.join(directory, 'sub/link'));
    expect(await codeOf(commit())).toBe('CW-AGENT-UNSAFE-CHANGE');
  });

  test.each(['.git', '.GIT', 'git~1', '.g\u200Cit'])('cannot commit a file named %j below the root', async (name) => {
    const { directory, commit } = await cloned();
    await mkdir(path.join(directory, 'sub'));
    await writeFile(path.join(directory, 'sub', name), 'gitdir: ../../elsewhere\n');
    expect(await codeOf(commit())).toBe('CW-AGENT-UNSAFE-CHANGE');
  });

  test('cannot commit a repository inside the repository', async () => {
    const { directory, commit } = await cloned();
    await mkdir(path.join(directory, 'inner'));
    await git(path.join(directory, 'inner'), 'init');
    expect(await codeOf(commit())).toBe('CW-AGENT-UNSAFE-CHANGE');
  });

  test('may change 200 files and not one more', async () => {
    const { directory, commit } = await cloned();
    const write = (from: number, to: number) =>
      Promise.all(
        Array.from({ length: to - from }, (_, index) => writeFile(path.join(directory, `file-${from + index}`), 'x')),
      );
    await write(0, 200);
    expect((await commit()).files).toHaveLength(200);
    await write(200, 201);
    expect(await codeOf(commit())).toBe('CW-AGENT-UNSAFE-CHANGE');
  });

  test('gains nothing by settings and hooks in the working copy’s .git', async () => {
    const { workspace, key, signal, directory, commit, root } = await cloned({ '.gitattributes': '* filter=evil\n' });
    const proof = path.join(root, 'ran');
    const evil = `sh -c 'touch ${proof}'`;
    const config = [
      `[core]\n\tfsmonitor = ${evil}\n\thooksPath = hooks\n\tsshCommand = ${evil}\n\tworktree = /`,
      `[filter "evil"]\n\tclean = ${evil}\n\tsmudge = ${evil}\n\trequired = true`,
      '[http]\n\tproxy = http://127.0.0.1:9\n[url "http://127.0.0.1:9/"]\n\tinsteadOf = http://127.0.0.1',
    ];
    await appendFile(path.join(directory, '.git/config'), `${config.join('\n')}\n`);
    await mkdir(path.join(directory, '.git/hooks'));
    for (const hook of ['pre-commit', 'pre-push', 'post-checkout', 'reference-transaction']) {
      await writeFile(path.join(directory, '.git/hooks', hook), `#!/bin/sh\n${evil}\nexit 1\n`, { mode: 0o755 });
    }
    await writeFile(path.join(directory, 'new.txt'), 'x');
    const made = await commit();
    await workspace.push(key, { commit: made.commit, expected: null }, signal);
    await workspace.checkout(key, made.commit, signal);
    await expect(stat(proof)).rejects.toThrow('ENOENT');
    expect(await filesWith(path.join(directory, '.git'), [proof])).toEqual([]);
  });
});

describe('a hostile test run', () => {
  test('cannot turn our cleaning against another folder by a link in the checkout’s place', async () => {
    const { workspace, key, signal, base } = await cloned();
    const victim = await temporaryFolder();
    await writeFile(path.join(victim, 'precious.txt'), 'x');
    const verify = await workspace.checkoutBeside(key, 'verify', base.commit, signal);
    await rm(verify, { recursive: true });
    await symlink(victim, verify);
    await workspace.checkoutBeside(key, 'verify', base.commit, signal);
    expect(await readFile(path.join(victim, 'precious.txt'), 'utf8')).toBe('x');
    expect((await lstat(verify)).isDirectory()).toBe(true);
  });

  test('cannot keep a changed file by hiding the change from git', async () => {
    const { workspace, key, signal, base } = await cloned();
    const verify = await workspace.checkoutBeside(key, 'verify', base.commit, signal);
    await git(verify, 'update-index', '--assume-unchanged', 'README.md');
    await git(verify, 'update-index', '--skip-worktree', 'README.md');
    await writeFile(path.join(verify, 'README.md'), 'forged');
    await workspace.checkoutBeside(key, 'verify', base.commit, signal);
    expect(await readFile(path.join(verify, 'README.md'), 'utf8')).toBe('# shop\n');
  });

  test('leaves folders that may not be written, and they are removed all the same', async () => {
    const { workspace, key, signal, base, root } = await cloned();
    const verify = await workspace.checkoutBeside(key, 'verify', base.commit, signal);
    await mkdir(path.join(verify, 'cache/pkg'), { recursive: true });
    await writeFile(path.join(verify, 'cache/pkg/mod.go'), 'x');
    await chmod(path.join(verify, 'cache/pkg'), 0o500);
    await workspace.checkoutBeside(key, 'verify', base.commit, signal);
    await expect(stat(path.join(verify, 'cache'))).rejects.toThrow('ENOENT');
    await workspace.dispose(key);
    await expect(stat(path.join(root, key.taskId))).rejects.toThrow('ENOENT');
  });

  test('that destroys the history loses the workspace, and it is said so', async () => {
    const { workspace, key, signal, base, root } = await cloned();
    const unknown = '0123456789012345678901234567890123456789';
    expect(await codeOf(workspace.checkout(key, unknown, signal))).toBe('CW-WORKSPACE-LOST');
    const facts = { parent: base.commit, base: base.commit, message: 'x' };
    await rm(path.join(root, key.taskId, 'repository'), { recursive: true });
    expect(await codeOf(workspace.commit(key, facts, signal))).toBe('CW-WORKSPACE-LOST');
    await rm(path.join(root, key.taskId, 'store/objects'), { recursive: true });
    expect(await codeOf(workspace.checkout(key, base.commit, signal))).toBe('CW-WORKSPACE-LOST');
    await rm(path.join(root, key.taskId), { recursive: true });
    const { commit } = base;
    expect(await codeOf(workspace.checkoutBeside(key, 'base', commit, signal))).toBe('CW-WORKSPACE-LOST');
    expect(await codeOf(workspace.commit(key, facts, signal))).toBe('CW-WORKSPACE-LOST');
    expect(await codeOf(workspace.push(key, { commit, expected: null }, signal))).toBe('CW-WORKSPACE-LOST');
  });
});
