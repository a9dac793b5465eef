// The forge's contract, the same for every adapter, against the strict GitHub stand-in: reading, pull requests, labels.
import { beforeEach, describe, expect, test } from 'vitest';
import type { Forge } from '../../src/services/forge/forge.ts';
import { commitOf } from '../support/github/bare-repository.ts';
import type { GitHub } from '../support/github/github.ts';
import { forgeAdapters } from '../support/forge/adapters.ts';
import { branch, failureFrom, forgeStage, never } from '../support/forge/stage.ts';

const { current, draft, pushChange, requestsTo } = forgeStage();

describe.each(forgeAdapters)('the forge by $name', (adapter) => {
  let github: GitHub;
  let repository: string;
  let forge: Forge;
  beforeEach(() => {
    ({ github, repository } = current());
    forge = adapter.make(github);
  });

  describe('reading', () => {
    test('names the login of the token', async () => {
      expect(await forge.viewer(never)).toBe('codingworker-bot');
    });

    test('gives an issue with labels, author and state', async () => {
      const { createdAt } = github.issue(repository, 1);
      expect(await forge.getIssue(repository, 1, never)).toEqual({
        number: 1,
        title: 'Sort the list',
        body: 'Please.',
        labels: ['ai-task'],
        author: 'alice',
        state: 'open',
        isPullRequest: false,
        createdAt,
      });
    });

    test('gives an issue without text an empty body', async () => {
      const { number } = github.createIssue(repository, { title: 'No text' });
      expect(await forge.getIssue(repository, number, never)).toMatchObject({ body: '', labels: [] });
    });

    test('tells a pull request, which GitHub gives as an issue too', async () => {
      await pushChange();
      const { number } = await forge.ensurePullRequest(draft(), never);
      expect(await forge.getIssue(repository, number, never)).toMatchObject({ isPullRequest: true });
    });

    test('finds no pull request when there is none, when it is closed, or for another branch', async () => {
      expect(await forge.findOpenPullRequest(repository, branch, never)).toBeUndefined();
      await pushChange();
      await pushChange(`${branch}0`);
      await forge.ensurePullRequest(draft({ headBranch: `${branch}0` }), never);
      expect(await forge.findOpenPullRequest(repository, branch, never)).toBeUndefined();
      const { number } = await forge.ensurePullRequest(draft(), never);
      await github.mergePull(repository, number);
      expect(await forge.findOpenPullRequest(repository, branch, never)).toBeUndefined();
    });

    test('finds a pull request with the head that its branch has now', async () => {
      await pushChange();
      const { number } = await forge.ensurePullRequest(draft(), never);
      const headCommit = await pushChange();
      const found = await forge.findOpenPullRequest(repository, branch, never);
      expect(found).toMatchObject({ number, headBranch: branch, headCommit, state: 'open' });
      expect(found?.headCommit).toBe(await commitOf(github.gitDirectory(repository), branch));
    });

    test('finds all pull requests of a branch with their texts, the newest first', async () => {
      await pushChange();
      await pushChange(`${branch}0`);
      await forge.ensurePullRequest(draft({ headBranch: `${branch}0` }), never);
      const first = await forge.ensurePullRequest(draft({ body: 'The first.' }), never);
      await github.mergePull(repository, first.number);
      await github.commitTo(repository, branch, { 'b.txt': 'more' }, 'More');
      const second = await forge.ensurePullRequest(draft({ body: 'The second.' }), never);
      expect(await forge.findPullRequests(repository, branch, never)).toMatchObject([
        { number: second.number, state: 'open', body: 'The second.' },
        { number: first.number, state: 'merged', body: 'The first.' },
      ]);
    });

    test('finds the repository whatever the case of its name', async () => {
      await pushChange();
      const { number } = await forge.ensurePullRequest(draft(), never);
      const shouted = repository.toUpperCase();
      expect(await forge.findOpenPullRequest(shouted, branch, never)).toMatchObject({ number });
    });
  });

  describe('a pull request', () => {
    test('is created once, however often it is asked for', async () => {
      const headCommit = await pushChange();
      const first = await forge.ensurePullRequest(draft(), never);
      const second = await forge.ensurePullRequest(draft(), never);
      expect(first).toMatchObject({ headBranch: branch, headCommit, state: 'open' });
      expect(first.url).toMatch(new RegExp(`/${repository}/pull/${first.number}$`));
      expect(second).toEqual(first);
      expect(await github.pulls(repository)).toMatchObject([{ title: 'Sort the list', closes: [1] }]);
      expect(requestsTo('PATCH', `/pulls/${first.number}`)).toBe(0);
    });

    test('that is found gets the title and body of the draft', async () => {
      await pushChange();
      const { number } = await forge.ensurePullRequest(draft(), never);
      await forge.ensurePullRequest(draft({ title: 'Sort by name', body: 'Closes #1\n\nVerified.' }), never);
      expect(await github.pulls(repository)).toMatchObject([
        { number, title: 'Sort by name', body: 'Closes #1\n\nVerified.' },
      ]);
    });

    test('is created anew when the one before was merged', async () => {
      await pushChange();
      const { number } = await forge.ensurePullRequest(draft(), never);
      await github.mergePull(repository, number);
      await github.commitTo(repository, branch, { 'b.txt': 'more' }, 'More');
      expect((await forge.ensurePullRequest(draft(), never)).number).toBe(number + 1);
    });

    test.each(['main', `${branch}-never-pushed`])('from %s, which changes nothing, is invalid', async (headBranch) => {
      const failure = await failureFrom(forge.ensurePullRequest(draft({ headBranch }), never));
      expect(failure).toMatchObject({ code: 'CW-GITHUB-INVALID', retryable: false });
      expect(failure.message).toMatch(headBranch === 'main' ? /No commits between/ : /PullRequest head invalid/);
      expect(await github.pulls(repository)).toEqual([]);
    });

    test.each([
      { lost: 'its connection', fault: { dropConnection: true } },
      { lost: 'a gateway', fault: { status: 502 } },
    ])('is one although the answer to its creation is lost with $lost', async ({ fault }) => {
      await pushChange();
      github.fail({ method: 'POST', path: `/repos/${repository}/pulls` }, { afterSuccess: true, ...fault });
      const pull = await forge.ensurePullRequest(draft(), never);
      expect(await github.pulls(repository)).toMatchObject([{ number: pull.number }]);
      expect(requestsTo('POST', '/pulls')).toBe(1);
    });

    test('that somebody else opens in the same moment is taken for ours, its text left as it is', async () => {
      await pushChange();
      const other = await adapter.make(github).ensurePullRequest(draft(), never);
      github.fail({ method: 'GET', path: `/repos/${repository}/pulls` }, { status: 200, body: [] });
      expect((await forge.ensurePullRequest(draft({ body: 'Of another.' }), never)).number).toBe(other.number);
      expect(requestsTo('PATCH', `/pulls/${other.number}`)).toBe(0);
    });
  });

  describe('labels', () => {
    const change = (add: string[], remove: string[]) => forge.changeLabels(repository, 1, { add, remove }, never);

    test('are added and removed', async () => {
      await change(['ai-task-done'], ['ai-task']);
      expect(github.issue(repository, 1).labels).toEqual(['ai-task-done']);
    });

    test('that are there already, or absent, are no error and cost no write', async () => {
      await change(['AI-Task'], ['never-there']);
      expect(github.issue(repository, 1).labels).toEqual(['ai-task']);
      expect(requestsTo('POST', '/issues/1/labels')).toBe(0);
      expect(requestsTo('DELETE', '/issues/1/labels/never-there')).toBe(0);
    });

    test('may have any name', async () => {
      const name = 'needs: review/日本 100% #1?';
      await change([name], []);
      expect(github.issue(repository, 1).labels).toEqual(['ai-task', name]);
      await change([], [name]);
      expect(github.issue(repository, 1).labels).toEqual(['ai-task']);
    });

    test('that somebody removes in the same moment are no error', async () => {
      const path = `/repos/${repository}/issues/1/labels/ai-task`;
      github.fail({ method: 'DELETE', path }, { afterSuccess: true, status: 404 });
      await change([], ['ai-task']);
      expect(github.issue(repository, 1).labels).toEqual([]);
    });

    test('of an issue that does not exist are not found', async () => {
      const missing = forge.changeLabels(repository, 99, { add: [], remove: ['ai-task'] }, never);
      expect(await failureFrom(missing)).toMatchObject({ code: 'CW-GITHUB-NOT-FOUND' });
    });
  });
});
