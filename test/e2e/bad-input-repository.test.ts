// Repositories and git servers that are not as one would like them: through a real worker process.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { branchesOf } from '../support/github/bare-repository.ts';
import { expectExplained, expectPublished, expectStillWorking, failureCodes } from '../support/endings.ts';
import { greeter, startStage, type Case, type Filed, type Stage } from '../support/stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});

afterAll(() => stage.close());

async function asked(facts: Case): Promise<Filed> {
  const filed = await stage.file(facts);
  await stage.send(filed.text);
  return filed;
}

test.concurrent('an empty repository is explained', async () => {
  const filed = await asked({ name: 'empty', empty: true });
  await expectExplained(stage, filed, 'CW-GIT-EMPTY-REPOSITORY');
});

test.concurrent('a default branch with any name is the base', async () => {
  const pull = await expectPublished(stage, await asked({ name: 'trunk', defaultBranch: 'release/next' }));
  expect(pull.baseBranch).toBe('release/next');
});

test.concurrent('a repository without tests gets its pull request, which says that nothing was verified', async () => {
  const files = { 'src/greet.js': greeter['src/greet.js'] };
  const pull = await expectPublished(stage, await asked({ name: 'untested', files }));
  expect(pull.body).toContain('Nothing was verified');
  expect(pull.body).not.toContain('| 0 |');
});

test.concurrent('a branch that a person took is left alone', async () => {
  const filed = await stage.file({ name: 'taken' });
  const theirs = await stage.world.github.commitTo(filed.repository, 'ai/issue-1', { 'mine.txt': 'mine' }, 'Mine');
  await stage.send(filed.text);
  await expectExplained(stage, filed, 'CW-GIT-BRANCH-TAKEN');
  const branches = await branchesOf(stage.world.github.gitDirectory(filed.repository));
  expect(branches.get('ai/issue-1')).toBe(theirs);
});

test.concurrent('the open pull request of an earlier task is not overwritten', async () => {
  const first = await asked({ name: 'again' });
  const pull = await expectPublished(stage, first);
  const second = stage.again(first);
  await stage.send(second.text);
  const comment = await expectExplained(stage, second, 'CW-GIT-BRANCH-TAKEN');
  expect(comment).toContain(`#${pull.number}`);
  expect(await stage.world.github.pulls(first.repository)).toEqual([pull]);
});

const git = (name: string): RegExp => new RegExp(`^/acme/${name}\\.git/`);

const refusals = [
  [401, 'CW-GIT-AUTH'],
  [403, 'CW-GIT-AUTH'],
  [404, 'CW-GIT-NOT-FOUND'],
] as const;

test.concurrent.each(refusals)('git that answers %i to the clone is explained once', async (status, code) => {
  const name = `clone-${status}`;
  stage.world.github.fail({ path: git(name) }, { status, times: 50, body: 'refused' });
  await expectExplained(stage, await asked({ name }), code);
});

test.concurrent.each(refusals)('git that answers %i to the push is explained once', async (status, code) => {
  const name = `push-${status}`;
  stage.world.github.fail({ path: `/acme/${name}.git/git-receive-pack` }, { status, times: 50, body: 'refused' });
  const filed = await asked({ name });
  await expectExplained(stage, filed, code);
  const branches = await branchesOf(stage.world.github.gitDirectory(filed.repository));
  expect([...branches.keys()]).toEqual(['main']);
});

test.concurrent.each(['clone', 'push'] as const)('a git server that is ill for a while delays the %s', async (step) => {
  const name = `ill-${step}`;
  const path = step === 'clone' ? git(name) : `/acme/${name}.git/git-receive-pack`;
  stage.world.github.fail({ path }, { status: 502, times: 2, body: 'ill' });
  const filed = await asked({ name });
  await expectPublished(stage, filed);
  expect(failureCodes(await stage.records(filed))).toEqual(['CW-GIT-NETWORK', 'CW-GIT-NETWORK']);
});

test.concurrent('a git server that stays ill gives the message back, and the task goes on when it is well', async () => {
  const name = 'down';
  stage.world.github.fail({ path: git(name) }, { status: 503, times: 4, body: 'ill' });
  const filed = await asked({ name });
  const records = await stage.settled(filed);
  expect(records.at(-1)).toMatchObject({ data: { how: 'released' } });
  expect(stage.world.github.comments(filed.repository, filed.number)).toEqual([]);
  const waiting = (await stage.world.sqs.messages()).find(({ body }) => body === filed.text);
  expect(waiting?.state).toBe('leased');
  await stage.comesBack(filed);
  await stage.settled(filed, 2);
  await expectPublished(stage, filed);
});

test('after all of them the worker does the next task', () => expectStillWorking(stage));
