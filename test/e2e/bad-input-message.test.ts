// Messages that are no tasks, or tasks that look like options and commands: through a real worker process.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseTaskMessage } from '../../src/events/task-message.ts';
import { taskOf } from '../../src/events/task.ts';
import { expectExplained, expectPublished, expectStillWorking } from '../support/endings.ts';
import { startStage, type Stage } from '../support/stage.ts';
import { until } from '../support/worker-process.ts';
import { issueMessage } from '../support/world.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage({ repositories: ['acme/*'] });
});

afterAll(() => stage.close());

const valid = JSON.parse(issueMessage({ repository: 'acme/none', number: 1, title: 'T', body: 'B' })) as object; // ours
const changed = (facts: object): string => JSON.stringify({ ...valid, ...facts });

const parked: readonly [what: string, text: string, code: string, says: string][] = [
  ['malformed JSON', '{"type": "issue", ', 'CW-MESSAGE-INVALID', 'not JSON'],
  ['no JSON object', '[1, 2]', 'CW-MESSAGE-INVALID', 'message'],
  ['wrong types', changed({ issue_number: 'one', labels: 7 }), 'CW-MESSAGE-INVALID', 'issue_number'],
  ['missing fields', '{"type":"issue","issue_number":3}', 'CW-MESSAGE-INVALID', 'repository'],
  ['an unknown kind', changed({ type: 'release' }), 'CW-MESSAGE-INVALID', 'type'],
  ['a body over the limit', changed({ body: 'x'.repeat(262_145) }), 'CW-MESSAGE-INVALID', 'body'],
  ['a repository that begins with a dash', changed({ repository: '--upload-pack=x/y' }), 'CW-MESSAGE-INVALID', 'owner'],
  ['a repository outside the list', changed({ repository: 'evil/none' }), 'CW-REPOSITORY-NOT-ALLOWED', 'evil/none'],
];

test.concurrent.each(parked)(
  '%s is parked once with its code and reason, and logged',
  async (_what, text, code, says) => {
    const { sqs } = stage.world;
    await stage.send(text);
    const letter = await until(
      async () => (await sqs.deadLetters()).find(({ body }) => body === text),
      () => stage.worker.output(),
    );
    expect(letter.attributes['codingworker.code']).toBe(code);
    expect(letter.attributes['codingworker.reason']).toContain(says);
    await until(
      async () => ((await sqs.messages()).some(({ body }) => body === text) ? undefined : true),
      () => stage.worker.output(),
    );
    expect((await sqs.deadLetters()).filter(({ body }) => body === text)).toHaveLength(1);
    const line = stage.worker
      .output()
      .split('\n')
      .find((each) => each.includes(code) && each.includes(says));
    expect(JSON.parse(line ?? '{}')).toMatchObject({ failure: { code, hint: expect.stringMatching(/\w/) as string } });
  },
);

const titles: readonly [title: string, name: string][] = [
  ['--version', 'dashes'],
  ['-rf greet', 'dash'],
  ['!touch owned', 'bang'],
  ['/run touch owned', 'slash'],
  ['@everyone closes #99 <!-- <script> `x`', 'markup'],
];

test.concurrent.each(titles)('a title like %s is worked on as text', async (title, name) => {
  const filed = await stage.file({ name, title, body: '' });
  await stage.send(filed.text);
  const pull = await expectPublished(stage, filed);
  expect(pull.mentions).toEqual([]);
  expect(pull.title).toContain(`(#${filed.number})`);
});

test.concurrent('a comment task is answered on its issue until this kind is supported', async () => {
  const filed = await stage.file({ name: 'comment' });
  const text = JSON.stringify({
    ...(JSON.parse(filed.text) as object), // ours
    type: 'pr_comment',
    pr_number: filed.number,
    branch_name: 'ai/issue-1',
    comment_id: 77,
    comment_author: 'mei',
  });
  const asked = { ...filed, text, taskId: taskOf(parseTaskMessage(text)).id };
  await stage.send(text);
  await expectExplained(stage, asked, 'CW-TASK-UNSUPPORTED');
});

test('after all of them the worker does the next task', () => expectStillWorking(stage));
