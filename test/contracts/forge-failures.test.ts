// The forge's contract for what goes wrong: each answer's failure code, waits, time limit and abort.
import { beforeEach, describe, expect, test } from 'vitest';
import type { Forge } from '../../src/services/forge/forge.ts';
import type { GitHub } from '../support/github/github.ts';
import { forgeAdapters } from '../support/forge/adapters.ts';
import { failureFrom, forgeStage, marker, never, patienceMs } from '../support/forge/stage.ts';

const { current, requestsTo } = forgeStage();

describe.each(forgeAdapters)('the forge by $name', (adapter) => {
  let github: GitHub;
  let repository: string;
  let forge: Forge;
  beforeEach(() => {
    ({ github, repository } = current());
    forge = adapter.make(github);
  });

  describe('failures', () => {
    const path = () => `/repos/${repository}/issues/1`;
    const getIssue = (number = 1) => forge.getIssue(repository, number, never);

    test('an unknown token is CW-GITHUB-AUTH', async () => {
      const stranger = adapter.make(github, { token: 'ghp_expiredTokenOfSomebody' });
      expect(await failureFrom(stranger.viewer(never))).toMatchObject({ code: 'CW-GITHUB-AUTH', retryable: false });
    });

    test('a token that may only read is CW-GITHUB-FORBIDDEN when it writes', async () => {
      const reader = adapter.make(github, { token: github.addToken({ permission: 'read', login: 'reader' }) });
      const wish = reader.changeLabels(repository, 1, { add: ['x'], remove: [] }, never);
      expect(await failureFrom(wish)).toMatchObject({ code: 'CW-GITHUB-FORBIDDEN', retryable: false });
    });

    test('what the token cannot see, what is missing and what was deleted are CW-GITHUB-NOT-FOUND', async () => {
      const blind = adapter.make(github, { token: github.addToken({ permission: 'none', login: 'blind' }) });
      github.deleteIssue(repository, github.createIssue(repository, { title: 'Gone' }).number);
      for (const attempt of [() => blind.getIssue(repository, 1, never), () => getIssue(99), () => getIssue(2)]) {
        expect(await failureFrom(attempt())).toMatchObject({ code: 'CW-GITHUB-NOT-FOUND', retryable: false });
      }
    });

    test('a comment on an issue that was transferred is CW-GITHUB-NOT-FOUND, and stands nowhere', async () => {
      const other = `${repository}-other`;
      await github.createRepository({ fullName: other });
      const { number } = github.transferIssue(repository, 1, other);
      const attempt = forge.ensureComment(repository, 1, marker, `Told. ${marker}`, never);
      expect(await failureFrom(attempt)).toMatchObject({ code: 'CW-GITHUB-NOT-FOUND', retryable: false });
      expect([...github.comments(repository, 1), ...github.comments(other, number)]).toEqual([]);
    });

    test('a used up rate limit is CW-GITHUB-RATE-LIMIT and says how long', async () => {
      const token = github.addToken({ permission: 'write', login: 'busy' });
      github.limitRate({ token, remaining: 0, resetInSeconds: 1800 });
      const failure = await failureFrom(adapter.make(github, { token }).getIssue(repository, 1, never));
      expect(failure).toMatchObject({ code: 'CW-GITHUB-RATE-LIMIT', retryable: true });
      expect(failure.retryAfterMs).toBeGreaterThan(1_700_000);
      expect(failure.retryAfterMs).toBeLessThanOrEqual(1_801_000);
    });

    const secondary = { documentation_url: 'https://docs.github.com/rest/overview/#about-secondary-rate-limits' };
    test.each([
      { status: 403, headers: { 'retry-after': '120' }, body: { message: 'Slow down' }, waitMs: 120_000 },
      { status: 429, headers: { 'retry-after': '77' }, body: { message: 'Slow down' }, waitMs: 77_000 },
      { status: 429, headers: {}, body: { message: 'Slow down' }, waitMs: 60_000 },
      { status: 403, headers: {}, body: { message: 'secondary rate limit', ...secondary }, waitMs: 60_000 },
    ])('a $status with $headers is a rate limit of $waitMs ms', async ({ waitMs, ...answer }) => {
      github.fail({ path: path() }, { ...answer, times: 9 });
      const failure = await failureFrom(getIssue());
      expect(failure).toMatchObject({ code: 'CW-GITHUB-RATE-LIMIT', retryAfterMs: waitMs });
    });

    test.each([
      { fault: { status: 500 } },
      { fault: { status: 503, body: '<html>Unicorn!</html>' } },
      { fault: { dropConnection: true } },
      { fault: { status: 200, body: '<html>Please log in to the hotel</html>' } },
      { fault: { status: 200, body: { login: 'unexpected' } } },
    ])('$fault is CW-GITHUB-UNAVAILABLE', async ({ fault }) => {
      github.fail({ path: path() }, { ...fault, times: 9 });
      expect(await failureFrom(getIssue())).toMatchObject({ code: 'CW-GITHUB-UNAVAILABLE', retryable: true });
    });

    test('a server that is not there is CW-GITHUB-UNAVAILABLE', async () => {
      const failure = await failureFrom(adapter.makeUnreachable().viewer(never));
      expect(failure).toMatchObject({ code: 'CW-GITHUB-UNAVAILABLE', retryable: true });
    });

    test('a server that never answers is CW-GITHUB-UNAVAILABLE after the time limit', async () => {
      github.fail({ path: path() }, { hang: true, times: 9 });
      const impatient = adapter.make(github, { callMaxMs: 500 });
      const failure = await failureFrom(impatient.getIssue(repository, 1, never));
      expect(failure).toMatchObject({ code: 'CW-GITHUB-UNAVAILABLE' });
    });

    test('carries what GitHub says, without the token', async () => {
      github.fail({ path: path() }, { status: 422, body: { message: `Odd: ${github.token}` } });
      const { message } = await failureFrom(getIssue());
      expect(message).toContain('Odd: [secret]');
      expect(message).not.toContain(github.token);
    });
  });

  describe('an abort', () => {
    const reason = new Error('the worker stops');

    test('before a call rejects with its reason and asks nothing', async () => {
      const before = github.requests.length;
      await expect(forge.getIssue(repository, 1, AbortSignal.abort(reason))).rejects.toBe(reason);
      expect(github.requests).toHaveLength(before);
    });

    test('while GitHub is silent rejects with its reason', async () => {
      const stop = new AbortController();
      github.fail({ path: `/repos/${repository}/issues/1` }, { hang: true, times: 9 });
      const waiting = forge.getIssue(repository, 1, stop.signal);
      await expect.poll(() => requestsTo('GET', '/issues/1'), { timeout: patienceMs }).toBe(1);
      stop.abort(reason);
      await expect(waiting).rejects.toBe(reason);
    });

    test('while a lost comment is looked for again rejects with its reason', async () => {
      const stop = new AbortController();
      const path = `/repos/${repository}/issues/1/comments`;
      github.fail({ method: 'POST', path }, { status: 502 });
      github.fail({ method: 'GET', path }, { status: 200, body: [] });
      github.fail({ method: 'GET', path }, { hang: true, times: 9 });
      const waiting = forge.ensureComment(repository, 1, marker, marker, stop.signal);
      await expect.poll(() => requestsTo('GET', '/issues/1/comments'), { timeout: patienceMs }).toBe(2);
      stop.abort(reason);
      await expect(waiting).rejects.toBe(reason);
    });
  });
});
