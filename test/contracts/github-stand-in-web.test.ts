// The GitHub stand-in beside REST: git over HTTP behind the token, faults on purpose, and pages that cannot be used against their reader.
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { commitOf, isolatedGitEnvironment } from '../support/github/bare-repository.ts';
import { startGitHub, type GitHub } from '../support/github/github.ts';

const fullName = 'octo/demo';
let github: GitHub;
let folder: string;

beforeAll(async () => {
  github = await startGitHub({ tls: true });
  await github.createRepository({
    fullName,
    files: { 'a.txt': 'a\n', 'bin/run.sh': '#!/bin/sh\n', '日本 語.txt': '' },
  });
  await github.createRepository({ fullName: 'octo/empty', empty: true, defaultBranch: 'trunk' });
});
afterAll(() => github.close());
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'stand-in-test-'));
});
afterEach(async () => {
  github.clearFaults();
  await rm(folder, { recursive: true, force: true });
});

type GitWish = { token?: string | null; config?: Record<string, string>; env?: Record<string, string> };

async function git(args: readonly string[], { token = github.token, config = {}, env: extra = {} }: GitWish = {}) {
  const credentials = Buffer.from(`x-access-token:${token ?? ''}`).toString('base64');
  const header = token === null ? {} : { 'http.extraHeader': `Authorization: Basic ${credentials}` };
  const settings = { 'user.name': 'Tester', 'user.email': 'tester@example.com', ...header, ...config };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const env = { ...isolatedGitEnvironment, GIT_TERMINAL_PROMPT: '0', ...extra };
  const { exitCode, stderr, stdout } = await execa('git', [...flags, ...args], {
    env,
    extendEnv: false,
    reject: false,
  });
  return { exitCode, said: stderr, stdout };
}

const remote = (name = fullName): string => `${github.url}/${name}.git`;
const clone = (wish: GitWish = {}, name = fullName) =>
  git(['clone', '--quiet', '--depth', '1', remote(name), path.join(folder, 'clone')], wish);

async function commitLocally(content: string): Promise<void> {
  const directory = path.join(folder, 'clone');
  await writeFile(path.join(directory, 'new.txt'), content);
  await git(['-C', directory, 'add', '.']);
  await git(['-C', directory, 'commit', '--quiet', '-m', 'New']);
}
const push = (branch: string, wish: GitWish = {}) =>
  git(['-C', path.join(folder, 'clone'), 'push', '--quiet', 'origin', `HEAD:refs/heads/${branch}`], wish);

describe('git', () => {
  test('clones what was committed, with the token in a header', async () => {
    expect(await clone()).toMatchObject({ exitCode: 0 });
    expect(await readFile(path.join(folder, 'clone', 'a.txt'), 'utf8')).toBe('a\n');
    expect((await git(['-C', path.join(folder, 'clone'), 'ls-files', '-s', 'bin/run.sh'])).stdout).toMatch(/^100755 /);
  });

  test.each([
    { who: 'no token', token: null, said: /could not read Username/ },
    { who: 'a wrong token', token: 'wrong', said: /Authentication failed|could not read Username/ },
  ])('asks for credentials when there is $who', async ({ token, said }) => {
    const result = await clone({ token });
    expect(result.exitCode).toBe(128);
    expect(result.said).toMatch(said);
  });

  test('hides what is missing or not to be seen behind 404', async () => {
    const blind = github.addToken({ permission: 'none', login: 'blind' });
    expect((await clone({ token: blind })).said).toMatch(/not found/);
    expect((await clone({}, 'octo/missing')).said).toMatch(/not found/);
  });

  test('lets a token that may read clone but not push', async () => {
    const token = github.addToken({ permission: 'read', login: 'reader' });
    expect((await clone({ token })).exitCode).toBe(0);
    await commitLocally('x');
    expect((await push('topic', { token })).said).toMatch(/403/);
    expect(await commitOf(github.gitDirectory(fullName), 'topic')).toBeUndefined();
  });

  test('takes a push whose body is chunked', async () => {
    await clone();
    const noise = Array.from({ length: 5_000 }, (_, n) => createHash('sha512').update(String(n)).digest('base64'));
    await commitLocally(noise.join('\n'));
    const pushed = await push('chunked', { config: { 'http.postBuffer': '65536' }, env: { GIT_CURL_VERBOSE: '1' } });
    expect(pushed.exitCode).toBe(0);
    expect(pushed.said).toMatch(/transfer-encoding: chunked/i);
    expect(await commitOf(github.gitDirectory(fullName), 'chunked')).toMatch(/^[0-9a-f]{40}$/);
  });

  test('takes a request whose body is compressed', async () => {
    const response = await fetch(`${remote()}/git-upload-pack`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`x-access-token:${github.token}`).toString('base64')}`,
        'content-type': 'application/x-git-upload-pack-request',
        'content-encoding': 'gzip',
        'git-protocol': 'version=2',
      },
      body: new Uint8Array(gzipSync('0014command=ls-refs\n0000')),
    });
    expect(await response.text()).toContain('refs/heads/main');
  });

  test.each(['0', '2'])('speaks protocol version %s', async (version) => {
    const { stdout, said } = await git(['ls-remote', remote()], { config: { 'protocol.version': version } });
    expect(said).toBe('');
    expect(stdout).toContain('refs/heads/main');
  });

  test('has empty repositories with a default branch of another name', async () => {
    expect(await clone({}, 'octo/empty')).toMatchObject({ exitCode: 0 });
    const head = await git(['-C', path.join(folder, 'clone'), 'symbolic-ref', 'HEAD']);
    expect(head.stdout).toBe('refs/heads/trunk');
  });

  test('loses the answer to a push that took effect, when told to', async () => {
    await clone();
    await commitLocally('lost');
    github.fail({ path: /git-receive-pack$/ }, { afterSuccess: true, dropConnection: true });
    expect((await push('lost')).exitCode).not.toBe(0);
    expect(await commitOf(github.gitDirectory(fullName), 'lost')).toMatch(/^[0-9a-f]{40}$/);
    // curl sends it once more on a fresh connection, hence not the last one.
    const withheld = { method: 'POST', path: '/octo/demo.git/git-receive-pack', query: '', status: null };
    expect(github.requests).toContainEqual(withheld);
  });
});

describe('pages', () => {
  const page = async (address: string) => {
    const response = await fetch(`${github.url}${address}`);
    return { status: response.status, headers: response.headers, text: await response.text() };
  };

  test('show an issue with labels and comments, rendered', async () => {
    const body = '**Bold** and\na list:\n\n- [x] done\n\n<details><summary>More</summary>\n\n`code`\n\n</details>';
    const { number } = github.createIssue(fullName, { title: 'Sort & <search>', body, labels: ['ai-task'] });
    github.addComment(fullName, number, { author: 'alice', body: 'Seen <!-- hidden marker -->' });
    const { text } = await page(`/${fullName}/issues/${number}`);
    expect(text).toContain('Sort &amp; &lt;search&gt;');
    expect(text).toContain('<strong>Bold</strong>');
    expect(text).toContain('<summary>More</summary>');
    expect(text).toContain('<span class="label">ai-task</span>');
    expect(text).toContain('Seen');
    expect(text).not.toContain('hidden marker');
  });

  test('show a pull request with its change, also after the merge', async () => {
    await github.commitTo(fullName, 'topic', { 'a.txt': 'b & c\n' }, 'Change');
    const headers = { authorization: `token ${github.token}` };
    const wish = JSON.stringify({ title: 'Change', head: 'topic', base: 'main', body: 'Closes #1' });
    const made = await fetch(`${github.apiUrl}/repos/${fullName}/pulls`, { method: 'POST', headers, body: wish });
    expect(made.status).toBe(201);
    const [pull] = await github.pulls(fullName);
    const address = `/${fullName}/pull/${pull?.number}`;
    const added = '<span class="added">+b &amp; c</span>';
    expect((await page(address)).text).toContain(added);
    await github.mergePull(fullName, pull?.number ?? 0);
    const merged = (await page(address)).text;
    expect(merged).toContain(added);
    expect(merged).toContain('Pull request · merged');
    expect((await page(`${address}.diff`)).text).toContain('\n+b & c\n');
  });

  test.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '[click](javascript:alert(1))',
    '<a href="javascript:alert(1)">x</a>',
    '<iframe src="https://example.com"></iframe><style>body{display:none}</style>',
    '"><svg onload=alert(1)>',
  ])('are not moved by %s', async (attack) => {
    const { number } = github.createIssue(fullName, { title: attack, body: attack, labels: [attack.slice(0, 50)] });
    github.addComment(fullName, number, { author: 'mallory', body: attack });
    const { text, headers } = await page(`/${fullName}/issues/${number}`);
    const body = text.slice(text.indexOf('<body>'));
    expect(body).not.toMatch(/<(?:script|img|iframe|style|svg)|href="javascript:/i);
    expect(body).not.toMatch(/<[^>]*\son\w+=/i);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test('of what is not there are 404', async () => {
    expect((await page(`/${fullName}/issues/999`)).status).toBe(404);
    expect((await page('/octo/missing')).status).toBe(404);
  });
});
