// The forge's contract for comments: posted once, found among many, told from a stranger's copy, any text kept as it is.
import { beforeEach, describe, expect, test } from 'vitest';
import type { Forge } from '../../src/services/forge/forge.ts';
import type { GitHub } from '../support/github/github.ts';
import { forgeAdapters } from '../support/forge/adapters.ts';
import { failureFrom, forgeStage, marker, never, patienceMs } from '../support/forge/stage.ts';

const { current, draft, pushChange, requestsTo } = forgeStage();

describe.each(forgeAdapters)('the forge by $name', (adapter) => {
  let github: GitHub;
  let repository: string;
  let forge: Forge;
  beforeEach(() => {
    ({ github, repository } = current());
    forge = adapter.make(github);
  });

  describe('a comment', () => {
    const ensure = (body: string) => forge.ensureComment(repository, 1, marker, body, never);
    const bodies = () => github.comments(repository, 1).map((comment) => comment.body);

    test('is posted once and then updated', async () => {
      const first = await ensure(`${marker}\nWorking on it`);
      const second = await ensure(`${marker}\nWorking on it`);
      const third = await ensure(`${marker}\nDone`);
      expect([second, third]).toEqual([first, first]);
      expect(bodies()).toEqual([`${marker}\nDone`]);
      expect(first.url).toContain(`/${repository}/issues/1#issuecomment-${first.id}`);
      expect(requestsTo('PATCH', `/issues/comments/${first.id}`)).toBe(1);
    });

    test('is looked for without being posted', async () => {
      const find = () => forge.findComment(repository, 1, marker, never);
      github.addComment(repository, 1, { author: 'mallory', body: `${marker}\nNot yours` });
      expect(await find()).toBeUndefined();
      const posted = await ensure(`${marker}\nOurs`);
      expect(await find()).toEqual(posted);
    });

    test('goes to a pull request as to an issue', async () => {
      await pushChange();
      const { number } = await forge.ensurePullRequest(draft(), never);
      await forge.ensureComment(repository, number, marker, `${marker}\nReply`, never);
      expect(github.comments(repository, number)).toMatchObject([{ body: `${marker}\nReply` }]);
    });

    test('is found on page 3, and a stranger’s with the same marker is left alone', async () => {
      const stranger = github.addComment(repository, 1, { author: 'mallory', body: `${marker}\nNot yours` });
      for (let n = 0; n < 220; n += 1) github.addComment(repository, 1, { author: 'alice', body: `Comment ${n}` });
      const ours = github.addComment(repository, 1, { author: 'codingworker-bot', body: `${marker}\nOld` });
      expect(await ensure(`${marker}\nNew`)).toMatchObject({ id: ours.id });
      const after = github.comments(repository, 1);
      expect(after.find(({ id }) => id === ours.id)?.body).toBe(`${marker}\nNew`);
      expect(after.find(({ id }) => id === stranger.id)?.body).toBe(`${marker}\nNot yours`);
      expect(after).toHaveLength(222);
    });

    test('is posted although a stranger copied the marker', async () => {
      const stranger = github.addComment(repository, 1, { author: 'mallory', body: `${marker}\nNot yours` });
      const { id } = await ensure(`${marker}\nOurs`);
      expect(id).not.toBe(stranger.id);
      expect(bodies()).toEqual([`${marker}\nNot yours`, `${marker}\nOurs`]);
    });

    test.each([
      { lost: 'its connection', fault: { dropConnection: true } },
      { lost: 'a gateway', fault: { status: 504 } },
    ])('is one although the answer to its posting is lost with $lost', async ({ fault }) => {
      const path = `/repos/${repository}/issues/1/comments`;
      github.fail({ method: 'POST', path }, { afterSuccess: true, ...fault });
      await ensure(`${marker}\nOnce`);
      expect(bodies()).toEqual([`${marker}\nOnce`]);
      expect(requestsTo('POST', '/issues/1/comments')).toBe(1);
    });

    test('that an older one came before, between the look and the posting, is taken back', async () => {
      const path = `/repos/${repository}/issues/1/comments`;
      const older = github.addComment(repository, 1, {
        author: 'codingworker-bot',
        body: `${marker}\nBy another worker`,
      });
      github.fail({ method: 'GET', path }, { status: 200, body: [] });
      expect(await ensure(`${marker}\nBy this one`)).toMatchObject({ id: older.id });
      expect(requestsTo('POST', '/issues/1/comments')).toBe(1);
      expect(bodies()).toEqual([`${marker}\nBy another worker`]);
    });

    test('that was cut off on its way is taken back too if an older one is there', async () => {
      const path = `/repos/${repository}/issues/1/comments`;
      const older = github.addComment(repository, 1, {
        author: 'codingworker-bot',
        body: `${marker}\nBy another worker`,
      });
      github.fail({ method: 'GET', path }, { status: 200, body: [] });
      github.fail({ method: 'POST', path }, { afterSuccess: true, hang: true });
      const stop = new AbortController();
      const posting = forge.ensureComment(repository, 1, marker, `${marker}\nBy this one`, stop.signal);
      await expect.poll(() => bodies().length, { timeout: patienceMs }).toBe(2);
      stop.abort(new Error('the lease has ended'));
      await expect(posting).rejects.toThrow('the lease has ended');
      expect(github.comments(repository, 1)).toMatchObject([{ id: older.id }]);
    });

    test('that did not come through is a transient failure, sent once', async () => {
      github.fail({ method: 'POST', path: `/repos/${repository}/issues/1/comments` }, { status: 502, times: 9 });
      const failure = await failureFrom(ensure(`${marker}\nLost`));
      expect(failure).toMatchObject({ code: 'CW-GITHUB-UNAVAILABLE', retryable: true });
      expect(requestsTo('POST', '/issues/1/comments')).toBe(1);
      expect(bodies()).toEqual([]);
    });

    test.each([
      ['emoji and Japanese', '🚀 修正しました — naïve “quotes”'],
      ['what a shell or JSON would trip over', `"double" 'single' \`tick\` $HOME \\n \\u0041 {{x}} {owner} @file %s`],
      ['Windows line ends and tabs', 'one\r\n\ttwo\r\n'],
      ['64 KB', 'ä'.repeat(65_536 - marker.length - 1)],
    ])('keeps %s as it is', async (_, text) => {
      await ensure(`${marker}\n${text}`);
      expect(bodies()).toEqual([`${marker}\n${text}`]);
    });

    test('above GitHub’s limit is invalid', async () => {
      expect(await failureFrom(ensure(marker + 'x'.repeat(65_536)))).toMatchObject({ code: 'CW-GITHUB-INVALID' });
    });
  });
});
