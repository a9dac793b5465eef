// How the forge uses gh: the token stays in gh's environment, nothing stays on disk, and its mixed output is read right.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { answerInGhOutput } from '../../src/services/forge/gh-answer.ts';
import { ghForge } from '../../src/services/forge/gh.ts';
import { maskOf } from '../../src/services/process/mask.ts';
import { lacksGh } from '../support/lacks.ts';
import { failureFrom, never, patienceMs } from '../support/forge/stage.ts';
import { startGitHub, type GitHub } from '../support/github/github.ts';

let github: GitHub;
let folder: string;

beforeAll(async () => {
  github = await startGitHub({ tls: true });
  await github.createRepository({ fullName: 'octo/demo' });
  github.createIssue('octo/demo', { title: 'One' });
});
afterAll(() => github.close());
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'forge-gh-test-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  github.clearFaults();
  await rm(folder, { recursive: true, force: true });
});

const forge = (program = 'gh') =>
  ghForge({
    host: github.tls?.host ?? '',
    caFile: github.tls?.caFile ?? '',
    token: github.token,
    mask: maskOf([github.token]),
    program,
  });

/** A gh that writes down how it was called before it does its work. */
async function observedGh(): Promise<string> {
  const program = path.join(folder, 'gh-observed');
  const lines = [`printf '%s\\n' "$@" >>'${folder}/arguments'`, `env >>'${folder}/environment'`, 'exec gh "$@"'];
  await writeFile(program, `#!/bin/sh\n${lines.join('\n')}\n`, { mode: 0o755 });
  return program;
}

describe.skipIf(lacksGh())('a call by gh', () => {
  const marker = '<!-- marker -->';

  test('has the token in its environment only, and the text in neither arguments nor environment', async () => {
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'canary-of-the-worker');
    await forge(await observedGh()).ensureComment('octo/demo', 1, marker, `${marker} quite private`, never);
    const seen = await readFile(path.join(folder, 'arguments'), 'utf8');
    const environment = await readFile(path.join(folder, 'environment'), 'utf8');
    expect(seen).toContain('repos/octo/demo/issues/1/comments');
    expect(seen).not.toContain(github.token);
    expect(seen).not.toContain('quite private');
    expect(environment).toContain(github.token);
    expect(environment).not.toContain('quite private');
    expect(environment).not.toContain('canary-of-the-worker');
  });

  test('leaves nothing on disk, whether it succeeds, fails or is aborted', async () => {
    vi.stubEnv('TMPDIR', folder);
    await forge().ensureComment('octo/demo', 1, marker, `${marker} one`, never);
    await failureFrom(forge().getIssue('octo/demo', 99, never));
    const stop = new AbortController();
    github.fail({ path: '/repos/octo/demo/issues/1' }, { hang: true });
    const waiting = forge().getIssue('octo/demo', 1, stop.signal);
    await expect.poll(() => github.requests.at(-1)?.path, { timeout: patienceMs }).toBe('/repos/octo/demo/issues/1');
    stop.abort(new Error('stop'));
    await expect(waiting).rejects.toThrow('stop');
    expect(await readdir(folder)).toEqual([]);
  });

  test('without gh installed is CW-GITHUB-GH-MISSING', async () => {
    const failure = await failureFrom(forge('gh-that-nobody-installed').viewer(never));
    expect(failure).toMatchObject({ code: 'CW-GITHUB-GH-MISSING', retryable: false });
  });
});

describe('what gh prints', () => {
  const head = 'HTTP/2.0 422 Unprocessable Entity\nContent-Type: application/json\r\nX-Ratelimit-Remaining: 7\r\n\r\n';
  const headers = { 'content-type': 'application/json', 'x-ratelimit-remaining': '7' };
  const body = { message: 'Validation Failed', errors: ['gh: odd (HTTP 422)'] };
  const json = JSON.stringify(body);

  test.each([
    ['the body alone', `${head}${json}`],
    ['a remark behind it', `${head}${json}gh: Validation Failed (HTTP 422)\n`],
    ['a remark on a line of its own', `${head}${json}\ngh: Validation Failed (HTTP 422)\n`],
    ['a remark of two lines before the body', `${head}gh: Validation Failed\nNo commits (HTTP 422)\n${json}`],
    ['a remark before everything', `gh: HTTP 422\n${head}${json}`],
  ])('is read with %s', (_, output) => {
    expect(answerInGhOutput(output)).toEqual({ status: 422, headers, body });
  });

  test('is no answer when gh got none', () => {
    const output = 'error connecting to github.example\ncheck your internet connection\n';
    expect(answerInGhOutput(output)).toBeUndefined();
  });

  test('may have no headers, no body, or text that is no JSON', () => {
    expect(answerInGhOutput('HTTP/1.1 204 No Content\n\r\n')).toEqual({ status: 204, headers: {}, body: '' });
    expect(answerInGhOutput('HTTP/1.1 503 Oops\n\r\n<html>HTTP/1.1 200 OK\n</html>')).toMatchObject({
      status: 503,
      body: '<html>HTTP/1.1 200 OK\n</html>',
    });
  });
});
