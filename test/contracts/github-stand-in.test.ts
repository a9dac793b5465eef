// The GitHub stand-in is as strict as GitHub where it matters to us; a lenient one would prove nothing.
import { Octokit } from '@octokit/rest';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startGitHub, type GitHub } from '../support/github/github.ts';

let github: GitHub;
let octokit: Octokit;
let count = 0;
let repo: { owner: string; repo: string };
let fullName: string;

beforeAll(async () => {
  github = await startGitHub();
  const silent = (): void => undefined;
  const log = { debug: silent, info: silent, warn: silent, error: silent };
  octokit = new Octokit({ auth: github.token, baseUrl: github.apiUrl, log });
});
afterAll(() => github.close());
beforeEach(async () => {
  count += 1;
  repo = { owner: 'octo', repo: `demo-${count}` };
  fullName = `octo/demo-${count}`;
  await github.createRepository({ fullName });
});

const problem = z.looseObject({ message: z.string(), errors: z.array(z.looseObject({})).optional() });

/** Status and body of one request without any client's help. */
async function ask(path: string, init: { method?: string; token?: string | null; body?: string; etag?: string } = {}) {
  const token = init.token === undefined ? github.token : init.token;
  const headers = {
    ...(token !== null && { authorization: `Bearer ${token}` }),
    ...(init.etag !== undefined && { 'if-none-match': init.etag }),
  };
  const { method = 'GET', body } = init;
  const response = await fetch(`${github.apiUrl}${path}`, { method, headers, ...(body !== undefined && { body }) });
  const text = await response.text();
  const json = problem.safeParse(text === '' ? {} : JSON.parse(text)).data;
  return { status: response.status, headers: response.headers, text, message: json?.message, errors: json?.errors };
}
const post = (path: string, body: object, token?: string) =>
  ask(`/repos/${fullName}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    ...(token !== undefined && { token }),
  });

describe('who asks', () => {
  test('nobody gets anything without a token, and a wrong one is refused', async () => {
    expect(await ask('/user', { token: null })).toMatchObject({ status: 401, message: 'Requires authentication' });
    expect(await ask(`/repos/${fullName}`, { token: 'wrong' })).toMatchObject({
      status: 401,
      message: 'Bad credentials',
    });
  });

  test('a revoked token is refused from then on', async () => {
    const token = github.addToken({ permission: 'write', login: 'leaver' });
    expect((await ask('/user', { token })).status).toBe(200);
    github.revokeToken(token);
    expect((await ask('/user', { token })).status).toBe(401);
  });

  test('a token that may read changes nothing, and one that may not sees nothing', async () => {
    const reader = github.addToken({ permission: 'read', login: 'reader' });
    const blind = github.addToken({ permission: 'none', login: 'blind' });
    expect((await ask(`/repos/${fullName}`, { token: reader })).status).toBe(200);
    expect((await post('/issues', { title: 'x' }, reader)).status).toBe(403);
    expect((await ask(`/repos/${fullName}`, { token: blind })).status).toBe(404);
    expect((await post('/issues', { title: 'x' }, blind)).status).toBe(404);
  });

  test('the permission of a login is told only to who may push', async () => {
    github.setPermission('maintainer', 'admin');
    const asked = await octokit.rest.repos.getCollaboratorPermissionLevel({ ...repo, username: 'maintainer' });
    expect(asked.data).toMatchObject({ permission: 'admin', user: { login: 'maintainer' } });
    const reader = github.addToken({ permission: 'read', login: 'reader' });
    const path = `/repos/${fullName}/collaborators/maintainer/permission`;
    expect((await ask(path, { token: reader })).status).toBe(403);
    expect((await ask(`/repos/${fullName}/collaborators/nobody-knows/permission`)).status).toBe(404);
  });
});

describe('rate limit and caching', () => {
  test('every answer counts the token’s requests down, until 403', async () => {
    const token = github.addToken({ permission: 'read', login: 'busy' });
    github.limitRate({ token, remaining: 1, resetInSeconds: 600 });
    const last = await ask('/user', { token });
    expect([last.status, last.headers.get('x-ratelimit-remaining')]).toEqual([200, '0']);
    const over = await ask('/user', { token });
    expect(over).toMatchObject({ status: 403, message: expect.stringContaining('API rate limit exceeded') });
    expect(Number(over.headers.get('x-ratelimit-reset'))).toBeGreaterThan(Date.now() / 1000 + 500);
  });

  test('an unchanged answer is 304 and free; a change is sent again', async () => {
    const { number } = github.createIssue(fullName, { title: 'One' });
    const path = `/repos/${fullName}/issues/${number}`;
    const first = await ask(path);
    const etag = first.headers.get('etag') ?? '';
    const second = await ask(path, { etag });
    expect([second.status, second.text]).toEqual([304, '']);
    expect(second.headers.get('x-ratelimit-remaining')).toBe(first.headers.get('x-ratelimit-remaining'));
    github.addComment(fullName, number, { author: 'alice', body: 'changes the number of comments' });
    expect((await ask(path, { etag })).status).toBe(200);
  });

  test('lists come in pages that Octokit can follow', async () => {
    const { number } = github.createIssue(fullName, { title: 'Busy' });
    for (let n = 1; n <= 65; n += 1) github.addComment(fullName, number, { author: 'alice', body: `Comment ${n}` });
    const wish = { ...repo, issue_number: number };
    expect((await octokit.rest.issues.listComments(wish)).data).toHaveLength(30);
    expect(await octokit.paginate(octokit.rest.issues.listComments, { ...wish, per_page: 20 })).toHaveLength(65);
    const { headers } = await octokit.rest.issues.listComments({ ...wish, per_page: 20, page: 4 });
    expect(headers.link).not.toContain('rel="next"');
    expect((await octokit.rest.issues.listComments({ ...wish, per_page: 500 })).data).toHaveLength(65);
  });
});

describe('pull requests', () => {
  const branch = 'ai/issue-1';
  const wish = (change: object = {}) => ({ title: 'Change', head: branch, base: 'main', ...change });

  test('need a pushed branch with commits of its own, and a base', async () => {
    expect(await post('/pulls', wish())).toMatchObject({ status: 422, errors: [{ field: 'head', code: 'invalid' }] });
    const same = await post('/pulls', wish({ head: 'main' }));
    expect(same).toMatchObject({ status: 422, errors: [{ message: 'No commits between main and main' }] });
    await github.commitTo(fullName, branch, { 'a.txt': 'a' }, 'Change');
    expect(await post('/pulls', wish({ base: 'none' }))).toMatchObject({ errors: [{ field: 'base' }] });
    expect(await post('/pulls', wish({ title: undefined }))).toMatchObject({ errors: [{ code: 'missing_field' }] });
    expect((await post('/pulls', wish())).status).toBe(201);
  });

  test('are refused for a head that has an open one, until that is closed', async () => {
    await github.commitTo(fullName, branch, { 'a.txt': 'a' }, 'Change');
    const { data } = await octokit.rest.pulls.create({ ...repo, ...wish() });
    const again = await post('/pulls', wish());
    const message = `A pull request already exists for octo:${branch}.`;
    expect(again).toMatchObject({ status: 422, errors: [{ message }] });
    await octokit.rest.pulls.update({ ...repo, pull_number: data.number, state: 'closed' });
    expect((await post('/pulls', wish())).status).toBe(201);
  });

  test('follow their branch, and close when it is deleted', async () => {
    await github.commitTo(fullName, branch, { 'a.txt': 'a' }, 'Change');
    const { data } = await octokit.rest.pulls.create({ ...repo, ...wish() });
    const commit = await github.commitTo(fullName, branch, { 'a.txt': 'b' }, 'Change more');
    const pull_number = data.number;
    const moved = await octokit.rest.pulls.get({ ...repo, pull_number });
    expect(moved.data).toMatchObject({ head: { sha: commit }, commits: 2, changed_files: 1, additions: 1 });
    await octokit.rest.git.deleteRef({ ...repo, ref: `heads/${branch}` });
    expect((await octokit.rest.pulls.get({ ...repo, pull_number })).data.state).toBe('closed');
  });

  test('are filtered by owner:branch; a head without an owner does not filter, as on GitHub', async () => {
    for (const name of ['one', 'two']) {
      await github.commitTo(fullName, name, { [name]: '' }, name);
      await octokit.rest.pulls.create({ ...repo, ...wish({ head: name }) });
    }
    const headsOf = async (head: string) =>
      (await octokit.rest.pulls.list({ ...repo, head })).data.map((pull) => pull.head.ref);
    expect(await headsOf('octo:one')).toEqual(['one']);
    expect(await headsOf('other:one')).toEqual([]);
    expect(await headsOf('one')).toEqual(['two', 'one']);
  });

  test('close on merge what they say outside of code and comments, and only into the default branch', async () => {
    for (const title of ['first', 'second', 'third']) github.createIssue(fullName, { title });
    await github.commitTo(fullName, branch, { 'a.txt': 'a' }, 'Change');
    const body = 'Closes #1, fixes octo/other#3 and `closes #2`\n```\nresolves #2\n```\n<!-- fixes #3 -->\n@bob `@eve`';
    const { data } = await octokit.rest.pulls.create({ ...repo, ...wish({ body }) });
    expect(await github.pulls(fullName)).toMatchObject([{ closes: [1], mentions: ['bob'] }]);
    await github.mergePull(fullName, data.number);
    expect([1, 2, 3].map((number) => github.issue(fullName, number).state)).toEqual(['closed', 'open', 'open']);
    expect((await octokit.rest.pulls.get({ ...repo, pull_number: data.number })).data.merged).toBe(true);
  });
});

describe('issues', () => {
  test('give 404 for an absent label’s removal and create labels that are added', async () => {
    const { number } = github.createIssue(fullName, { title: 'One' });
    const absent = await ask(`/repos/${fullName}/issues/${number}/labels/absent`, { method: 'DELETE' });
    expect(absent).toMatchObject({ status: 404, message: 'Label does not exist' });
    await octokit.rest.issues.addLabels({ ...repo, issue_number: number, labels: ['brand-new'] });
    expect((await octokit.rest.issues.listLabelsForRepo(repo)).data).toMatchObject([{ name: 'brand-new' }]);
  });

  test('refuse what is no JSON, of the wrong type, empty or too long', async () => {
    expect((await ask(`/repos/${fullName}/issues`, { method: 'POST', body: '{' })).status).toBe(400);
    expect((await post('/issues', { title: 7 })).status).toBe(422);
    expect((await post('/issues', { body: 'no title' })).status).toBe(422);
    const { number } = github.createIssue(fullName, { title: 'One' });
    expect((await post(`/issues/${number}/comments`, { body: '' })).status).toBe(422);
    expect((await post(`/issues/${number}/comments`, { body: '🚀'.repeat(65_536) })).status).toBe(201);
    expect((await post(`/issues/${number}/comments`, { body: 'x'.repeat(65_537) })).status).toBe(422);
  });

  test('take one reaction of a kind from each user', async () => {
    const { number } = github.createIssue(fullName, { title: 'One' });
    const { id } = github.addComment(fullName, number, { author: 'alice', body: '@ai-fix please' });
    const react = (content: string) => post(`/issues/comments/${id}/reactions`, { content });
    expect([(await react('eyes')).status, (await react('eyes')).status]).toEqual([201, 200]);
    expect((await react('shrug')).status).toBe(422);
  });

  test('share their numbers with pull requests', async () => {
    github.createIssue(fullName, { title: 'One' });
    await github.commitTo(fullName, 'topic', { 'a.txt': 'a' }, 'Change');
    const { data } = await octokit.rest.pulls.create({ ...repo, title: 'Two', head: 'topic', base: 'main' });
    const issue = await octokit.rest.issues.get({ ...repo, issue_number: data.number });
    expect(issue.data.pull_request?.html_url).toBe(data.html_url);
  });
});
