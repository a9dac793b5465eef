// A task whose issue or repository is gone when it must be explained: it ends, and the dead-letter queue says why; no receive is spent in vain.
import { parseTaskMessage } from '../../src/events/task-message.ts';
import { taskOf } from '../../src/events/task.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectStillWorking, failureCodes } from '../support/endings.ts';
import { runProgram } from '../support/run-program.ts';
import type { QueuedMessage } from '../support/sqs/inspection.ts';
import { startStage, type Filed, type Stage } from '../support/stage.ts';
import { until } from '../support/worker-process.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});

afterAll(() => stage.close());

type Gone = (stage: Stage, filed: Filed) => unknown;
const cases: readonly [what: string, gone: Gone, code: string][] = [
  [
    'the repository was deleted',
    ({ world: { github } }, { repository }) => github.deleteRepository(repository),
    'CW-GIT-NOT-FOUND',
  ],
  [
    'the issue was deleted',
    ({ world: { github } }, { repository, number }) => github.deleteIssue(repository, number),
    'CW-AGENT-NO-CHANGE',
  ],
  [
    'the issue was transferred',
    async ({ world: { github } }, { repository, number }) => {
      await github.createRepository({ fullName: `${repository}-new` });
      github.transferIssue(repository, number, `${repository}-new`);
    },
    'CW-AGENT-NO-CHANGE',
  ],
];

test.concurrent.each(cases)(
  '%s: the task ends, and its message is parked with both reasons',
  async (what, gone, code) => {
    const filed = await stage.file({ name: what.replaceAll(' ', '-'), body: 'Please do it.\nagent: change nothing' });
    await gone(stage, filed);
    await stage.send(filed.text);
    const letter = await letterOf(filed);
    expect(letter.attributes).toMatchObject({
      'codingworker.code': code,
      'codingworker.reason': expect.stringContaining('The issue could not be told: '),
    });
    const records = await stage.settled(filed);
    expect(failureCodes(records)).toEqual([code]);
    const [report, settled] = records.slice(-2);
    expect(report).toMatchObject({
      type: 'report.undeliverable',
      state: 'failed-permanent',
      data: { undeliverable: { code: 'CW-GITHUB-NOT-FOUND' } },
    });
    expect(settled).toMatchObject({ type: 'message.settled', data: { how: 'parked' } });
    expect((await stage.world.sqs.messages()).filter(({ body }) => body === filed.text)).toEqual([]);
    expect(
      stage.world.github.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/pulls')),
    ).toEqual([]);
  },
);

/** A message of this task in the dead-letter queue, whatever the order of its fields. */
const letterOf = ({ taskId }: Filed): Promise<QueuedMessage> =>
  until(
    async () => (await stage.world.sqs.deadLetters()).find(({ body }) => taskOf(parseTaskMessage(body)).id === taskId),
    () => stage.worker.output(),
  );

test('the operator sees each with its reason, and a redrive of what has ended begins nothing anew', async () => {
  const listed = await runProgram('dlq', stage.home, 'list');
  for (const [, , code] of cases) expect(listed.out).toContain(code);
  const tasks = (await runProgram('tasks', stage.home)).out;
  expect(tasks.match(/failed-permanent/g)).toHaveLength(cases.length);
  expect((await runProgram('dlq', stage.home, 'redrive', '--all')).status).toBe(0);
  await expectStillWorking(stage);
  expect((await runProgram('tasks', stage.home)).out.match(/failed-permanent/g)).toHaveLength(cases.length);
});
