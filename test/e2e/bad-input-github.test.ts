// GitHub's REST that refuses, limits or falls ill at each place where the worker asks it something: through a real worker process.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FailureCode } from '../../src/events/failure-codes.ts';
import { expectExplained, expectPublished, expectStillWorking, failureCodes } from '../support/endings.ts';
import { branchesOf } from '../support/github/bare-repository.ts';
import type { Fault } from '../support/github/faults.ts';
import { greeter, startStage, type Filed, type Stage } from '../support/stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});

afterAll(() => stage.close());

/** Work that reaches the pull request, or the explanation. */
const bodies = { pull: 'Please change greet.', comment: 'Please do it.\nagent: change nothing' };
const always = 1000;
let count = 0;

async function askedWith(
  leadsTo: keyof typeof bodies,
  place: { method: string; path: string },
  fault: Fault,
): Promise<Filed> {
  count += 1;
  // Nothing to verify, since these cases are about what comes after.
  const files = { 'src/greet.js': greeter['src/greet.js'] };
  const filed = await stage.file({ name: `github-${count}`, body: bodies[leadsTo], files });
  stage.world.github.fail({ method: place.method, path: `/repos/${filed.repository}${place.path}` }, fault);
  await stage.send(filed.text);
  return filed;
}

const branchesAfter = async ({ repository }: Filed): Promise<string[]> => [
  ...(await branchesOf(stage.world.github.gitDirectory(repository))).keys(),
];

const create = { method: 'POST', path: '/pulls' };
const read = { method: 'GET', path: '/pulls' };
const comment = { method: 'POST', path: '/issues/1/comments' };
const comments = { method: 'GET', path: '/issues/1/comments' };
const label = { method: 'POST', path: '/issues/1/labels' };

const refusals: readonly [status: number, code: FailureCode][] = [
  [401, 'CW-GITHUB-AUTH'],
  [403, 'CW-GITHUB-FORBIDDEN'],
  [404, 'CW-GITHUB-NOT-FOUND'],
  [422, 'CW-GITHUB-INVALID'],
];

test.concurrent.each(refusals)(
  '%i to the creation of a pull request is explained, and the branch taken back',
  async (status, code) => {
    const filed = await askedWith('pull', create, { status, times: always });
    await expectExplained(stage, filed, code);
    expect(await branchesAfter(filed)).toEqual(['main']);
  },
);

test.concurrent.each(refusals)('%i to the search for a pull request is explained', async (status, code) => {
  const filed = await askedWith('pull', read, { status, times: 1 });
  await expectExplained(stage, filed, code);
  expect(await branchesAfter(filed)).toEqual(['main']);
});

test.concurrent.each(refusals)('%i to a label undoes nothing that was published', async (status, code) => {
  const filed = await askedWith('pull', label, { status, times: always });
  await expectPublished(stage, filed);
  const line = stage.worker
    .output()
    .split('\n')
    .find((each) => each.includes(filed.taskId) && each.includes(code));
  expect(line).toContain('could not be labelled');
});

const passing: readonly [what: string, fault: Fault, code: FailureCode][] = [
  ['500', { status: 500, times: 2 }, 'CW-GITHUB-UNAVAILABLE'],
  ['503 with a page of a proxy', { status: 503, times: 2, body: '<html>ill</html>' }, 'CW-GITHUB-UNAVAILABLE'],
  ['a lost answer', { dropConnection: true, afterSuccess: true }, 'CW-GITHUB-UNAVAILABLE'],
  ['502 although it took effect', { status: 502, afterSuccess: true }, 'CW-GITHUB-UNAVAILABLE'],
  [
    'the primary rate limit',
    { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' } },
    'CW-GITHUB-RATE-LIMIT',
  ],
  ['the secondary rate limit', { status: 403, headers: { 'retry-after': '1' } }, 'CW-GITHUB-RATE-LIMIT'],
  ['429', { status: 429, headers: { 'retry-after': '1' } }, 'CW-GITHUB-RATE-LIMIT'],
];

test.concurrent.each(passing)(
  '%s while a pull request is created ends in one pull request',
  async (_what, fault, code) => {
    const filed = await askedWith('pull', create, fault);
    await expectPublished(stage, filed);
    const codes = failureCodes(await stage.records(filed));
    // What took effect is found at once, without a failure.
    expect(codes.filter((each) => each !== code)).toEqual([]);
    expect(codes.length > 0).toBe(fault.afterSuccess !== true);
  },
);

test.concurrent.each(passing)(
  '%s while a pull request is looked for ends in one pull request',
  async (_what, fault) => {
    await expectPublished(stage, await askedWith('pull', read, fault));
  },
);

test.concurrent.each(passing)('%s while a comment is posted ends in one comment', async (_what, fault) => {
  const filed = await askedWith('comment', comment, fault);
  await expectExplained(stage, filed, 'CW-AGENT-NO-CHANGE');
});

test.concurrent.each(passing)(
  '%s while labels are changed neither publishes twice nor loses it',
  async (_what, fault) => {
    const filed = await askedWith('pull', label, fault);
    await expectPublished(stage, filed);
    expect(stage.world.github.issue(filed.repository, 1).labels).toContain('ai-task-done');
  },
);

test.concurrent('an outage at the end gives the message back; the work is not done again', async () => {
  const filed = await askedWith('pull', read, { status: 503, times: 8 });
  const records = await stage.settled(filed);
  expect(records.at(-1)).toMatchObject({ data: { how: 'released' } });
  await stage.comesBack(filed);
  await stage.settled(filed, 2);
  await expectPublished(stage, filed);
  const types = (await stage.records(filed)).map(({ type }) => type);
  expect(types.filter((type) => type === 'generate.done')).toHaveLength(1);
});

const [unknownToken, mayNotWrite, ...gone] = refusals;

test.concurrent.each([unknownToken, mayNotWrite].filter((one) => one !== undefined))(
  '%i to every comment keeps the journal and leads to the dead-letter queue',
  async (status, code) => {
    const filed = await askedWith('comment', comments, { status, times: always });
    for (const received of [1, 2, 3]) {
      const records = await stage.settled(filed, received);
      expect(records.at(-1)).toMatchObject({ type: 'message.settled', data: { how: 'released' } });
      expect(failureCodes(records)).toContain(code);
      await stage.comesBack(filed);
    }
    expect(await stage.inDeadLetters(filed)).toMatchObject({ body: filed.text });
    expect(stage.world.github.comments(filed.repository, 1)).toEqual([]);
    expect((await stage.records(filed)).filter(({ type }) => type === 'generate.failed')).toHaveLength(1);
  },
);

test.concurrent.each(gone)(
  '%i to every comment ends in the dead-letter queue at once, with the reason',
  async (status) => {
    const filed = await askedWith('comment', comments, { status, times: always });
    expect((await stage.settled(filed)).slice(-2)).toMatchObject([
      { type: 'report.undeliverable', state: 'failed-permanent' },
      { type: 'message.settled', data: { how: 'parked' } },
    ]);
  },
);

test('after all of them the worker does the next task', () => expectStillWorking(stage));
