// SQS delivers at least once, and people label twice: each task still ends once, and nothing that was published is overwritten.
import { expect, test } from 'vitest';
import { branchesOf } from '../support/github/bare-repository.ts';
import { expectNothingLeft, expectOneEnding } from '../support/one-ending.ts';
import { workScene, type Filed, type WorkScene } from '../support/work-scene.ts';
import { until } from '../support/worker-process.ts';

const typesOf = (records: readonly { type: string }[]): string[] => records.map(({ type }) => type);

test('the same message again while its task runs is adopted: its new receipt settles the task', async () => {
  const scene = await workScene({ config: { slots: 2 } });
  await scene.agent.hold('generate');
  const filed = await scene.file('greeter');
  const worker = scene.start();
  await scene.send(filed.text);
  await agentStarted(scene, filed);
  await scene.world.sqs.expireLeases();
  const adopted = await scene.recorded(filed.taskId, 'lease.adopted');
  const [first, second] = adopted.flatMap(({ data }) => ('delivery' in data ? [data.delivery] : []));
  expect(second?.messageId).toBe(first?.messageId);
  expect(second?.receiptHandle).not.toBe(first?.receiptHandle);

  await scene.agent.release('generate');
  await expectOneEnding(scene, filed, 'published');
  expect(await scene.agent.starts(filed.taskId)).toEqual(['generate', 'tests', 'fix-1']);
  const deleted = scene.queue.calls.findLast(({ call }) => call === 'DeleteMessage');
  expect(deleted?.body['ReceiptHandle']).toBe(second?.receiptHandle);
  await worker.stop();
  await expectNothingLeft(scene);
});

test('two messages of one delivery_id are one task: the second is deleted, while it runs and after its end', async () => {
  const scene = await workScene({ config: { slots: 3 } });
  await scene.agent.hold('generate');
  const filed = await scene.file('greeter');
  scene.start();
  // Three at once, so that slots meet over one journal.
  for (let copy = 0; copy < 3; copy += 1) await scene.send(filed.text);
  await agentStarted(scene, filed);
  // Before the first heartbeat nobody knows which message is held, so any may have been adopted; the others come again.
  await scene.world.sqs.expireLeases();
  await until(
    async () => ((await scene.world.sqs.messages()).length === 1 ? true : undefined),
    () => scene.said(),
  );
  await scene.agent.release('generate');
  await expectOneEnding(scene, filed, 'published');
  const before = await seen(scene, filed);
  await scene.send(filed.text);
  await scene.gone(filed.text);
  expect(await seen(scene, filed)).toEqual(before);
  expect(await scene.agent.starts(filed.taskId)).toEqual(['generate', 'tests', 'fix-1']);
});

test('after its end the message is deleted and nothing more is posted, by a worker that was started again too', async () => {
  const scene = await workScene();
  const filed = await scene.file('greeter');
  const first = scene.start();
  await scene.send(filed.text);
  await expectOneEnding(scene, filed, 'published');
  const before = await seen(scene, filed);
  await first.stop();
  scene.start();
  await scene.send(filed.text);
  await scene.gone(filed.text);
  expect(await seen(scene, filed)).toEqual(before);
});

test('a released task goes on at the step that was given up when its message comes again, and no model work is repeated', async () => {
  const scene = await workScene();
  const filed = await scene.file('greeter');
  // The first try and three repetitions.
  scene.world.github.fail({ method: 'POST', path: /\/pulls$/ }, { status: 503, times: 4 });
  const first = scene.start();
  await scene.send(filed.text);
  const released = await scene.recorded(filed.taskId, 'message.settled');
  expect(released.at(-1)).toMatchObject({ data: { how: 'released' } });
  // A restart does not begin it by itself: it waits for its message.
  await first.stop();
  scene.start();
  await scene.world.sqs.expireLeases();
  const records = await expectOneEnding(scene, filed, 'published');
  expect(typesOf(records.slice(released.length))).toEqual([
    'task.reopened',
    'task.claimed',
    'publish.done',
    'message.settled',
  ]);
  expect(await scene.agent.starts(filed.taskId)).toEqual(['generate', 'tests', 'fix-1']);
});

test('an issue that is labelled again while its pull request is open is explained, and the pull request stays as it is', async () => {
  const scene = await workScene();
  const filed = await scene.file('greeter');
  scene.start();
  await scene.send(filed.text);
  await expectOneEnding(scene, filed, 'published');
  const before = await seen(scene, filed);
  const again = scene.again(filed);
  await scene.send(again.text);
  await scene.gone(again.text);
  await scene.archived(again.taskId);
  const after = await seen(scene, filed);
  expect(after.pulls).toEqual(before.pulls);
  expect(after.branches).toEqual(before.branches);
  const [comment, ...more] = scene.world.github.comments(filed.repository, filed.number);
  expect(more).toEqual([]);
  expect(comment?.body).toContain('CW-GIT-BRANCH-TAKEN');
  expect(comment?.body).toContain(again.taskId);
  // There is one for the issue, and it is open.
  expect(comment?.body).toContain('No pull request came of this task');
  expect(await scene.agent.starts(again.taskId)).toEqual([]);
  const { labels } = scene.world.github.issue(filed.repository, filed.number);
  expect(labels).toEqual(['ai-task', 'ai-task-done', 'ai-task-failed']);
});

test('an issue that is labelled again after its pull request was closed without a merge is done anew', async () => {
  const scene = await workScene();
  const filed = await scene.file('greeter');
  scene.start();
  await scene.send(filed.text);
  await expectOneEnding(scene, filed, 'published');
  const [pull] = await scene.world.github.pulls(filed.repository);
  await closePull(scene, filed.repository, pull?.number ?? 0);
  const again = scene.again(filed);
  await scene.send(again.text);
  await scene.gone(again.text);
  await scene.archived(again.taskId);
  const pulls = await scene.world.github.pulls(filed.repository);
  expect(pulls.map(({ state }) => state)).toEqual(['closed', 'open']);
});

async function agentStarted(scene: WorkScene, { taskId }: Filed): Promise<void> {
  await until(
    async () => ((await scene.agent.starts(taskId)).length > 0 ? true : undefined),
    () => scene.said(),
  );
}

/** All that was published for the issue's repository. */
async function seen({ world: { github } }: WorkScene, { repository, number }: Filed) {
  return {
    branches: Object.fromEntries(await branchesOf(github.gitDirectory(repository))),
    pulls: await github.pulls(repository),
    comments: github.comments(repository, number),
  };
}

/** As a person who does not want it. */
async function closePull({ world: { github } }: WorkScene, repository: string, number: number): Promise<void> {
  const answer = await fetch(`${github.apiUrl}/repos/${repository}/pulls/${number}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${github.token}`, 'user-agent': 'test' },
    body: JSON.stringify({ state: 'closed' }),
  });
  expect(answer.status).toBe(200);
}
