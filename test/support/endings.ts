// What every ending must hold, as a stranger sees it: published or explained once, the message gone, and nothing more after a redelivery.
import { expect } from 'vitest';
import { failureCatalogue, type FailureCode } from '../../src/events/failure-codes.ts';
import type { JournalRecord } from '../../src/events/journal-record.ts';
import { branchesOf } from './github/bare-repository.ts';
import type { Filed, Stage } from './stage.ts';

/** The codes of the failures in a journal, in order. */
export const failureCodes = (records: readonly JournalRecord[]): string[] =>
  records.flatMap((record) => ('code' in record.data ? [record.data.code] : []));

/** The task ended in one comment with the failure's code and hint, and in nothing else. Returns the comment's text. */
export async function expectExplained(stage: Stage, filed: Filed, code: FailureCode): Promise<string> {
  const records = await stage.settled(filed);
  const { github } = stage.world;
  expect(failureCodes(records)).toContain(code);
  expect(records.at(-1)).toMatchObject({ type: 'message.settled', data: { how: 'deleted' } });
  const [comment] = github.comments(filed.repository, filed.number);
  expect(comment?.body).toContain(code);
  expect(comment?.body).toContain(failureCatalogue[code].hint.en);
  expect(github.issue(filed.repository, filed.number).labels).toContain('ai-task-failed');
  await expectNothingMore(stage, filed, { comments: 1 });
  return comment?.body ?? '';
}

/** The task ended in one open pull request that closes its issue. Returns it. */
export async function expectPublished(stage: Stage, filed: Filed) {
  const records = await stage.settled(filed);
  const { github } = stage.world;
  expect(records.at(-1)).toMatchObject({ type: 'message.settled', data: { how: 'deleted' } });
  const pulls = (await github.pulls(filed.repository)).filter(({ state }) => state === 'open');
  expect(pulls).toHaveLength(1);
  const [pull] = pulls;
  expect(pull).toMatchObject({ headBranch: `ai/issue-${filed.number}`, closes: [filed.number] });
  await expectNothingMore(stage, filed, { comments: 0 });
  if (pull === undefined) throw new Error('unreachable: counted above');
  return pull;
}

/** The message is not in the queue, and a redelivery changes nothing on GitHub or on the git server. */
async function expectNothingMore(stage: Stage, filed: Filed, posted: { comments: number }): Promise<void> {
  const { github, sqs } = stage.world;
  const seen = async (): Promise<object> => ({
    branches: Object.fromEntries(await branchesOf(github.gitDirectory(filed.repository))),
    pulls: await github.pulls(filed.repository),
    comments: github.comments(filed.repository, filed.number),
  });
  const before = await seen();
  expect(github.comments(filed.repository, filed.number)).toHaveLength(posted.comments);
  expect((await sqs.messages()).filter(({ body }) => body === filed.text)).toEqual([]);
  await stage.redeliver(filed);
  expect(await seen()).toEqual(before);
  expect((await sqs.deadLetters()).filter(({ body }) => body === filed.text)).toEqual([]);
}

/** Last in every file: whatever came before, the worker lives and does the next task. */
export async function expectStillWorking(stage: Stage): Promise<void> {
  const filed = await stage.file({ name: 'next' });
  await stage.send(filed.text);
  await expectPublished(stage, filed);
  expect(stage.worker.child.exitCode).toBeNull();
}
