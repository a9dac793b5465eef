// The operator cancels a task, whatever it is doing: it ends as cancelled within seconds, its message goes, and nothing of it is left behind.
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { JournalRecord } from '../../src/events/journal-record.ts';
import { fold, stateName } from '../../src/machines/fold.ts';
import { branchesOf } from '../support/github/bare-repository.ts';
import { expectNothingLeft } from '../support/one-ending.ts';
import { runProgram } from '../support/run-program.ts';
import { workScene, type Filed, type WorkScene } from '../support/work-scene.ts';
import { until } from '../support/worker-process.ts';

const requestsOf = ({ home }: WorkScene): Promise<string[]> => readdir(join(home.state, 'requests'));

test('while the agent runs: the agent is ended, and the journal says by whom and why', async () => {
  const scene = await workScene();
  const filed = await scene.file('greeter');
  await scene.agent.hold('generate');
  const worker = scene.start();
  await scene.send(filed.text);
  await agentStarted(scene, filed);
  const { status, out, err } = await runProgram('cancel', scene.home, filed.taskId, '--reason', 'a wrong wish');
  expect([status, out, err]).toEqual([0, `${filed.taskId} is cancelled, and its message deleted.\n`, '']);
  const records = await expectCancelled(scene, filed);
  expect(records.find(({ type }) => type === 'task.cancelled')).toMatchObject({
    state: 'cancelled',
    data: { reason: 'a wrong wish' },
  });
  expect(await worker.stop()).toBe(0);
  await expectNothingLeft(scene);
});

test('while no worker runs: the request waits for the next one, which does no more of the task', async () => {
  const scene = await workScene();
  const filed = await scene.file('greeter');
  await scene.agent.hold('generate');
  const first = scene.start();
  await scene.send(filed.text);
  await agentStarted(scene, filed);
  await first.stop();
  const asked = await runProgram('cancel', scene.home, filed.taskId);
  expect(asked).toMatchObject({ status: 0, out: expect.stringContaining('Asked for. No worker runs on ') });
  const listed = await runProgram('tasks', scene.home);
  expect(listed.out).toContain('generating (suspended, to be cancelled)');
  expect(listed.out.endsWith(`\nNo worker runs on ${scene.home.state}.\n`)).toBe(true);
  await scene.agent.release('generate');
  const second = scene.start();
  await expectCancelled(scene, filed);
  expect(await scene.agent.starts(filed.taskId)).toEqual(['generate']);
  await second.stop();
  await expectNothingLeft(scene);
});

test('after it was released at its publication: the branch that was pushed is removed, and its message does not bring it back', async () => {
  const scene = await workScene();
  const filed = await scene.file('greeter');
  // The first try and three repetitions.
  scene.world.github.fail({ method: 'POST', path: /\/pulls$/ }, { status: 503, times: 4 });
  const worker = scene.start();
  await scene.send(filed.text);
  await scene.recorded(filed.taskId, 'message.settled');
  expect(await branches(scene, filed)).toContain(`ai/issue-${filed.number}`);
  expect(await runProgram('cancel', scene.home, filed.taskId)).toMatchObject({ status: 0, err: '' });
  const records = await expectCancelled(scene, filed);
  expect(records.slice(-4).map(({ type }) => type)).toEqual([
    'task.reopened',
    'task.claimed',
    'task.cancelled',
    'message.settled',
  ]);
  await worker.stop();
  await expectNothingLeft(scene);
});

test('a worker that is killed as soon as the cancellation is on disk leaves the rest to the next one', async () => {
  const scene = await workScene();
  const filed = await scene.file('greeter');
  await scene.agent.hold('generate');
  const first = scene.start();
  await scene.send(filed.text);
  await agentStarted(scene, filed);
  const asked = runProgram('cancel', scene.home, filed.taskId, '--wait', '60');
  await scene.recorded(filed.taskId, 'task.cancelled');
  await first.stop('SIGKILL');
  const second = scene.start();
  expect(await asked).toMatchObject({ status: 0 });
  await expectCancelled(scene, filed);
  await second.stop();
  await expectNothingLeft(scene);
});

test('refused by code: a task that has ended, one that is not known, and what is no id', async () => {
  const scene = await workScene();
  const filed = await scene.file('greeter');
  const worker = scene.start();
  await scene.send(filed.text);
  await scene.archived(filed.taskId);
  await worker.stop();
  const ended = await runProgram('cancel', scene.home, filed.taskId);
  expect(ended.err).toMatch(/^CW-TASK-ENDED: .* has ended already: published\.\n {2}→ /);
  for (const id of ['acme-greeter-9-0000000000', '../done', '']) {
    const unknown = await runProgram('cancel', scene.home, id);
    expect([unknown.status, unknown.err]).toEqual([1, expect.stringMatching(/^CW-JOURNAL-NOT-FOUND: /)]);
  }
  expect(await requestsOf(scene)).toEqual([]);
});

test('a request that is none, or for no task, is dropped and harms nothing', async () => {
  const scene = await workScene();
  const filed = await scene.file('greeter');
  const worker = scene.start();
  await until(
    () => requestsOf(scene).catch(() => undefined),
    () => scene.said(),
  );
  await writeFile(join(scene.home.state, 'requests', 'nonsense.json'), 'not JSON');
  await writeFile(
    join(scene.home.state, 'requests', 'acme-gone-1-0000000000.json'),
    '{"version":1,"request":"cancel","by":"mei","reason":"r"}',
  );
  await scene.send(filed.text);
  await scene.archived(filed.taskId);
  await until(
    async () => ((await requestsOf(scene)).length === 0 ? true : undefined),
    () => scene.said(),
  );
  expect(await worker.stop()).toBe(0);
});

/** Cancelled, its message and its request gone, and nothing of it on GitHub. Returns its records. */
async function expectCancelled(scene: WorkScene, filed: Filed): Promise<JournalRecord[]> {
  await scene.archived(filed.taskId);
  await scene.gone(filed.text);
  await until(
    async () => ((await requestsOf(scene)).length === 0 ? true : undefined),
    () => scene.said(),
  );
  const records = await scene.records(filed.taskId);
  expect(stateName(fold(records).snapshot)).toBe('cancelled');
  expect(records.at(-1)).toMatchObject({ type: 'message.settled', data: { how: 'deleted' } });
  expect(await scene.world.github.pulls(filed.repository)).toEqual([]);
  expect(scene.world.github.comments(filed.repository, filed.number)).toEqual([]);
  expect(await branches(scene, filed)).toEqual(['main']);
  return records;
}

const branches = async ({ world }: WorkScene, { repository }: Filed): Promise<string[]> => [
  ...(await branchesOf(world.github.gitDirectory(repository))).keys(),
];

async function agentStarted(scene: WorkScene, { taskId }: Filed): Promise<void> {
  await until(
    async () => ((await scene.agent.starts(taskId)).length > 0 ? true : undefined),
    () => scene.said(),
  );
}
