// The workspace on a machine with settings, certificates and troubles of its own.
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startGitHub } from '../support/github/github.ts';
import {
  failureIn,
  git,
  repository,
  temporaryFolder,
  workerMessage,
  workspaceScene,
} from '../support/workspace/scene.ts';

const stubEnvironment = (values: Record<string, string>): void => {
  for (const [name, value] of Object.entries(values)) vi.stubEnv(name, value);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
};

test('the user’s own git settings, ignore file and .netrc change nothing', async () => {
  const { workspace, key, signal, github } = await workspaceScene();
  const home = await temporaryFolder();
  const settings = '[user]\n\tname = Somebody\n[commit]\n\tgpgSign = true\n[core]\n\tautocrlf = true\n';
  const rewrite = `[url "http://127.0.0.1:9/"]\n\tinsteadOf = ${github.url}/\n`;
  await writeFile(path.join(home, '.gitconfig'), settings + rewrite);
  await mkdir(path.join(home, '.config/git'), { recursive: true });
  await writeFile(path.join(home, '.config/git/ignore'), '*.txt\n');
  await writeFile(path.join(home, '.netrc'), 'machine 127.0.0.1 login x password wrong\n');
  stubEnvironment({ HOME: home, GIT_AUTHOR_NAME: 'Somebody', GIT_DIR: home, GIT_TRACE_CURL: path.join(home, 'trace') });
  const { base } = await workspace.clone(key, signal);
  const directory = await workspace.checkout(key, base.commit, signal);
  await writeFile(path.join(directory, 'new.txt'), 'a\r\n');
  const facts = { parent: base.commit, base: base.commit, message: workerMessage('x') };
  const { commit, files } = await workspace.commit(key, facts, signal);
  expect(files).toEqual(['new.txt']);
  await workspace.push(key, { commit, expected: null }, signal);
  const bare = github.gitDirectory(repository);
  expect(await git(bare, 'cat-file', '-s', `${commit}:new.txt`)).toBe('3');
  expect(await git(bare, 'log', '-1', '--format=%an', commit)).toBe('Coding Worker');
});

test('a repository around the state folder is not mistaken for the task’s', async () => {
  const { github, key, signal, root, withOptions } = await workspaceScene();
  await git(root, 'init');
  await git(root, 'config', `url.http://127.0.0.1:9/.insteadOf`, `${github.url}/`);
  const inside = withOptions({ root: path.join(root, 'state') });
  const { base } = await inside.clone(key, signal);
  const directory = await inside.checkout(key, base.commit, signal);
  await rm(path.join(directory, 'README.md'));
  const facts = { parent: base.commit, base: base.commit, message: workerMessage('x') };
  expect((await inside.commit(key, facts, signal)).files).toEqual(['README.md']);
});

test('the machine’s certificates are trusted, others are not and no retry is promised', async () => {
  const github = await startGitHub({ tls: true });
  onTestFinished(() => github.close());
  await github.createRepository({ fullName: repository });
  const { key, signal, withOptions } = await workspaceScene();
  const overTls = withOptions({ serverUrl: `${github.tls?.url ?? ''}/`, token: github.token });
  const { failure } = await failureIn(overTls.clone(key, signal));
  expect(failure).toMatchObject({ code: 'CW-GIT-FAILED', retryable: false });
  stubEnvironment({ GIT_SSL_CAINFO: github.tls?.caFile ?? '' });
  expect((await overTls.clone(key, signal)).base.branch).toBe('main');
});

test('a full disk is CW-WORKSPACE-DISK', async () => {
  const { workspace, key, signal, root } = await workspaceScene();
  const { base } = await workspace.clone(key, signal);
  const own = path.join(root, key.taskId, 'store/checkouts/repository');
  await mkdir(own, { recursive: true });
  // Every write to this device fails as on a full disk.
  await symlink('/dev/full', path.join(own, 'HEAD'));
  const { failure } = await failureIn(workspace.checkout(key, base.commit, signal));
  expect(failure).toMatchObject({ code: 'CW-WORKSPACE-DISK', retryable: true });
});

test('a missing git is named', async () => {
  const { workspace, key, signal } = await workspaceScene();
  stubEnvironment({ PATH: await temporaryFolder() });
  const { failure } = await failureIn(workspace.clone(key, signal));
  expect(failure.code).toBe('CW-GIT-FAILED');
  expect(failure.message).toContain('git was not found');
});
