// What Octokit's plugins do for the forge, and what they are kept from doing.
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { octokitForge } from '../../src/services/forge/octokit.ts';
import { maskOf } from '../../src/services/process/mask.ts';
import { failureFrom, never, patienceMs } from '../support/forge/stage.ts';
import { startGitHub, type GitHub } from '../support/github/github.ts';

let github: GitHub;
const path = '/repos/octo/demo/issues/1';
const marker = '<!-- marker -->';

beforeAll(async () => {
  github = await startGitHub();
  await github.createRepository({ fullName: 'octo/demo' });
  github.createIssue('octo/demo', { title: 'One' });
});
afterAll(() => github.close());
afterEach(() => {
  github.clearFaults();
  vi.restoreAllMocks();
});

const forge = (change: { spaceWrites?: boolean } = {}) =>
  octokitForge({ apiUrl: github.apiUrl, token: github.token, userAgent: 'test', mask: maskOf([]), ...change });
const asked = () => github.requests.filter((request) => request.path === path).length;

test('a read that fails once by 5xx is repeated', async () => {
  github.fail({ path }, { status: 502 });
  const before = asked();
  expect(await forge().getIssue('octo/demo', 1, never)).toMatchObject({ title: 'One' });
  expect(asked() - before).toBe(2);
});

test('a rate limit that ends at once is waited for', async () => {
  const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.floor(Date.now() / 1000)) };
  github.fail({ path }, { status: 403, headers, body: { message: 'API rate limit exceeded' } });
  expect(await forge().getIssue('octo/demo', 1, never)).toMatchObject({ title: 'One' });
});

test('a longer rate limit is not waited for, and is asked for once', async () => {
  const body = { message: 'You have exceeded a secondary rate limit' };
  github.fail({ path }, { status: 429, headers: { 'retry-after': '3600' }, body, times: 9 });
  const before = asked();
  const failure = await failureFrom(forge().getIssue('octo/demo', 1, never));
  expect(failure).toMatchObject({ code: 'CW-GITHUB-RATE-LIMIT', retryAfterMs: 3_600_000 });
  expect(asked() - before).toBe(1);
});

test('an abort ends the pause between two writes', async () => {
  const spaced = forge({ spaceWrites: true });
  await spaced.ensureComment('octo/demo', 1, marker, `${marker} one`, never);
  const stop = new AbortController();
  const reason = new Error('stop');
  const lists = () =>
    github.requests.filter(({ method, path: to }) => method === 'GET' && to === `${path}/comments`).length;
  const before = lists();
  const waiting = spaced.ensureComment('octo/demo', 1, '<!-- other -->', '<!-- other -->', stop.signal);
  await expect.poll(lists, { timeout: patienceMs }).toBe(before + 1);
  stop.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  expect(github.comments('octo/demo', 1)).toHaveLength(1);
});

test('nothing is written to the console', async () => {
  const said = (['log', 'warn', 'error', 'info', 'debug'] as const).map((level) => vi.spyOn(console, level));
  github.fail({ path }, { status: 500, headers: { deprecation: 'Sat, 01 Jan 2028 00:00:00 GMT' }, times: 2 });
  await failureFrom(forge().getIssue('octo/demo', 1, never));
  for (const spy of said) expect(spy).not.toHaveBeenCalled();
});
