// Two workers with a state directory each on one queue: what one of them left in mid-task and the other ended is not done again, and does not stay.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fold, stateName } from '../../src/machines/fold.ts';
import { branchesOf } from '../support/github/bare-repository.ts';
import { hopeless, oneFix } from '../support/quick-agent/stories.ts';
import { runProgram } from '../support/run-program.ts';
import { workScene, type Filed, type WorkScene } from '../support/work-scene.ts';
import { until, type WorkerProcess } from '../support/worker-process.ts';

/** The second worker's. */
const elsewhere = { CODINGWORKER_STATE_DIR: 'other-state', CODINGWORKER_WORKSPACE_DIR: 'other-workspaces' };
const waits = 'the message is not ours now';

test.each([
  { what: 'published', story: oneFix },
  { what: 'explained', story: hopeless },
])('a task that another worker has $what ends here as cancelled, and nothing of it is touched', async ({ story }) => {
  const scene = await workScene({ story });
  const filed = await leftInMidTask(scene);
  const other = scene.start(elsewhere);
  await scene.gone(filed.text);
  await other.stop();
  const before = await seen(scene, filed);
  const [starts, requests] = [await scene.agent.starts(filed.taskId), scene.world.github.requests.length];

  const again = scene.start();
  await scene.archived(filed.taskId);
  await freeToPoll(scene);
  expect(await again.stop()).toBe(0);
  expect(await seen(scene, filed)).toEqual(before);
  expect(scene.world.github.requests.slice(requests).filter(({ method }) => method !== 'GET')).toEqual([]);
  expect(await scene.agent.starts(filed.taskId)).toEqual(starts);
  const records = await scene.records(filed.taskId);
  const url = [...before.pulls, ...before.comments].map((end) => ('url' in end ? end.url : end.id))[0];
  expect(stateName(fold(records).snapshot)).toBe('cancelled');
  expect(records.find(({ type }) => type === 'task.cancelled')?.data).toMatchObject({
    found: expect.stringContaining(String(url)),
  });
  expect(await readdir(join(scene.home.folder, 'workspaces'))).toEqual([]);
});

test('a task that another worker is at waits here without work and without a slot, and each start adds nothing to its journal', async () => {
  const scene = await workScene();
  const filed = await leftInMidTask(scene);
  await scene.agent.hold('tests');
  const other = scene.start(elsewhere);
  await agentRuns(scene, filed, 'tests');
  const starts = await scene.agent.starts(filed.taskId);

  await startAndStop(scene);
  const records = await scene.records(filed.taskId);
  expect(records.at(-1)).toMatchObject({ type: 'task.suspended', data: { waitsFor: 'message' } });
  await startAndStop(scene);
  expect(await scene.records(filed.taskId)).toEqual(records);
  expect(await scene.agent.starts(filed.taskId)).toEqual(starts);
  expect((await runProgram('tasks', scene.home)).out).toContain('generating (waits for its message)');

  // The other one dies for good: the message comes again, and the task goes on where it was here.
  await other.stop('SIGKILL');
  await scene.agent.release('tests');
  await scene.world.sqs.expireLeases();
  scene.start();
  await scene.archived(filed.taskId);
  const types = (await scene.records(filed.taskId)).map(({ type }) => type);
  expect(types.filter((type) => type === 'clone.done')).toHaveLength(1);
  expect(types.slice(-2)).toEqual(['publish.done', 'message.settled']);
  expect(await scene.world.github.pulls(filed.repository)).toMatchObject([{ state: 'open' }]);
});

test('a task that waits for its message is cancelled, or goes on, when the operator says so', async () => {
  const scene = await workScene({ config: { slots: 2 } });
  const [first, second] = [await leftInMidTask(scene), await leftInMidTask(scene)];
  for (const { taskId } of [first, second]) expect(taskId).not.toBe('');
  await scene.agent.hold('generate');
  const other = scene.start({ ...elsewhere });
  await until(
    async () => ((await heldElsewhere(scene)) ? true : undefined),
    () => scene.said(),
  );
  const here = scene.start();
  await until(
    () => (here.output().split(waits).length === 3 ? true : undefined),
    () => here.output(),
  );
  await other.stop('SIGKILL');
  await scene.agent.release('generate');

  const cancelled = await runProgram('cancel', scene.home, first.taskId);
  expect(cancelled).toMatchObject({ status: 0, out: expect.stringContaining('is cancelled') });
  const retried = await runProgram('retry', scene.home, second.taskId);
  expect(retried).toMatchObject({ status: 0, out: expect.stringContaining('to go on where it was') });
  await scene.archived(second.taskId);
  await scene.world.sqs.expireLeases();
  for (const { text } of [first, second]) await scene.gone(text);
  expect(await scene.world.github.pulls(second.repository)).toMatchObject([
    { headBranch: `ai/issue-${second.number}` },
  ]);
  expect(stateName(fold(await scene.records(first.taskId)).snapshot)).toBe('cancelled');
});

/** A task whose worker was killed while its agent ran, and whose message may be anybody's again. */
async function leftInMidTask(scene: WorkScene): Promise<Filed> {
  await scene.agent.hold('generate');
  const filed = await scene.file('greeter');
  const worker = scene.start();
  await scene.send(filed.text);
  await agentRuns(scene, filed, 'generate');
  await worker.stop('SIGKILL');
  await scene.agent.release('generate');
  await scene.world.sqs.expireLeases();
  return filed;
}

async function startAndStop(scene: WorkScene): Promise<void> {
  const worker: WorkerProcess = scene.start();
  await until(
    () => (worker.output().includes(waits) ? true : undefined),
    () => worker.output(),
  );
  await freeToPoll(scene);
  expect(await worker.stop()).toBe(0);
}

async function freeToPoll(scene: WorkScene): Promise<void> {
  await until(
    () => (scene.queue.open('ReceiveMessage') === 1 ? true : undefined),
    () => scene.said(),
  );
}

async function agentRuns(scene: WorkScene, { taskId }: Filed, pass: string): Promise<void> {
  await until(
    async () => ((await scene.agent.starts(taskId)).includes(pass) ? true : undefined),
    () => scene.said(),
  );
}

/** Both messages are held by the second worker, whose agent runs. */
async function heldElsewhere({ world }: WorkScene): Promise<boolean> {
  const messages = await world.sqs.messages();
  return messages.length === 2 && messages.every(({ state, receiveCount }) => state === 'leased' && receiveCount > 1);
}

async function seen({ world: { github } }: WorkScene, { repository, number }: Filed) {
  return {
    branches: Object.fromEntries(await branchesOf(github.gitDirectory(repository))),
    pulls: await github.pulls(repository),
    comments: [...github.comments(repository, number)],
    labels: github.issue(repository, number).labels,
  };
}
