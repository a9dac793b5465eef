// Stopping the worker at any point: gracefully at the first signal, at once at the second, and the next worker goes on where it was.
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { suspendGraceSeconds } from '../../src/events/bounds.ts';
import { expectNothingLeft, expectOneEnding } from '../support/one-ending.ts';
import { oneFix } from '../support/quick-agent/stories.ts';
import { processesWith } from '../support/processes-with.ts';
import { workScene, type WorkScene } from '../support/work-scene.ts';
import { until, type WorkerProcess } from '../support/worker-process.ts';

/** Until the worker waits for a message, and for nothing else. */
const isIdle = (scene: WorkScene, worker: WorkerProcess): Promise<true> =>
  until(
    () => (scene.queue.open('ReceiveMessage') === 1 ? true : undefined),
    () => worker.output(),
  );

test.each(['SIGTERM', 'SIGINT'] as const)(
  'an idle worker ends well at %s, without waiting for its poll',
  async (signal) => {
    const scene = await workScene();
    const worker = scene.start();
    await isIdle(scene, worker);
    expect(await worker.stop(signal)).toBe(0);
    expect(worker.output()).toContain('worker stopped');
    await expectNothingLeft(scene);
  },
);

const mark = (scene: WorkScene, name: string): string => join(scene.home.folder, 'tmp', name);

const slowTests = {
  ...oneFix,
  // Waits for a file outside, which the test makes, in a child that heeds no request to end.
  files: {
    ...oneFix.files,
    'test/plain.test.sh':
      'echo x >>"$TMPDIR/verifying"\n(trap "" TERM; while [ -e "$TMPDIR/slow" ]; do sleep 0.02; done)\n',
  },
};

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s while the agent runs suspends the task; the next worker finishes it',
  async (signal) => {
    const scene = await workScene();
    await scene.agent.hold('tests');
    const filed = await scene.file('greeter');
    const worker = scene.start();
    await scene.send(filed.text);
    await agentStarted(scene, filed.taskId, 'tests');
    expect(await worker.stop(signal)).toBe(0);
    await expectSuspended(scene, filed, signal);

    await scene.agent.release('tests');
    const next = scene.start();
    const records = await expectOneEnding(scene, filed, 'published');
    // The pass that was cut off is done again, the finished one before it is not.
    expect(await scene.agent.starts(filed.taskId)).toEqual(['generate', 'tests', 'tests', 'fix-1']);
    // It was resumed by the receipt that it had: the message was not received a second time.
    expect(records.map(({ type }) => type)).not.toContain('lease.adopted');
    await next.stop();
    await expectNothingLeft(scene);
  },
);

test('SIGTERM while the repository’s tests run suspends the task; the next worker verifies anew', async () => {
  const scene = await workScene({ story: slowTests });
  const filed = await scene.file('greeter');
  await writeFile(mark(scene, 'slow'), '');
  const worker = scene.start();
  await scene.send(filed.text);
  await until(
    () => (existsSync(mark(scene, 'verifying')) ? true : undefined),
    () => worker.output(),
  );
  expect(await worker.stop('SIGTERM')).toBe(0);
  await expectSuspended(scene, filed, 'SIGTERM');

  await rm(mark(scene, 'slow'));
  const next = scene.start();
  await expectOneEnding(scene, filed, 'published');
  expect(await scene.agent.starts(filed.taskId)).toEqual(['generate', 'tests', 'fix-1']);
  await next.stop();
  await rm(mark(scene, 'verifying'));
  await expectNothingLeft(scene);
});

test('SIGTERM while a failure is waited out suspends the task; the next worker repeats the step', async () => {
  const scene = await workScene({ config: { limits: { retryWaitSeconds: 600 } } });
  const filed = await scene.file('greeter');
  scene.world.github.fail({ method: 'POST', path: /\/pulls$/ }, { status: 503, times: 2 });
  const worker = scene.start();
  await scene.send(filed.text);
  await scene.recorded(filed.taskId, 'publish.failed');
  expect(await worker.stop('SIGTERM')).toBe(0);
  await expectSuspended(scene, filed, 'SIGTERM');
  // The instant to wake at was recorded with the task and stays; only that the wait goes on can be seen.
  const next = scene.start();
  await scene.recorded(filed.taskId, 'task.claimed', 2);
  expect(await next.stop('SIGTERM')).toBe(0);
  const records = await scene.records(filed.taskId);
  expect(records.filter(({ type }) => type === 'publish.failed')).toHaveLength(1);
  expect(await scene.agent.starts(filed.taskId)).toEqual(['generate', 'tests', 'fix-1']);
});

test('a second signal ends the worker at once, children too, and the next worker finishes the task', async () => {
  const scene = await workScene();
  await scene.agent.hold('tests');
  const filed = await scene.file('greeter');
  const worker = scene.start();
  await scene.send(filed.text);
  await agentStarted(scene, filed.taskId, 'tests');
  // The graceful stop now waits for an answer of the queue that does not come.
  scene.queue.trouble({ call: 'ChangeMessageVisibility', hang: true });
  worker.child.kill('SIGTERM');
  await scene.recorded(filed.taskId, 'task.suspended');
  // Within half a second a second signal counts as the first one's echo, so it is repeated.
  const repeated = setInterval(() => worker.child.kill('SIGTERM'), 100);
  expect(await worker.exited.finally(() => clearInterval(repeated))).toBe(130);
  expect(await processesWith(scene.home.folder)).toEqual([]);

  scene.queue.recover();
  await scene.agent.release('tests');
  const next = scene.start();
  await expectOneEnding(scene, filed, 'published');
  expect(await scene.agent.starts(filed.taskId)).toEqual(['generate', 'tests', 'tests', 'fix-1']);
  await next.stop();
  await expectNothingLeft(scene);
});

test('a second signal while an agent that heeds none is being ended leaves no process behind', async () => {
  const scene = await workScene();
  await scene.agent.hold('generate');
  const filed = await scene.file('greeter');
  const worker = scene.start();
  await scene.send(filed.text);
  await agentStarted(scene, filed.taskId, 'generate');
  const repeated = setInterval(() => worker.child.kill('SIGINT'), 100);
  expect([0, 130]).toContain(await worker.exited.finally(() => clearInterval(repeated)));
  expect(await processesWith(scene.home.folder)).toEqual([]);
});

test('one Ctrl-C that comes twice, as it does under npm, is still a graceful stop', async () => {
  const scene = await workScene();
  await scene.agent.hold('generate');
  const filed = await scene.file('greeter');
  const worker = scene.start();
  await scene.send(filed.text);
  await agentStarted(scene, filed.taskId, 'generate');
  worker.child.kill('SIGINT');
  await until(
    () => (worker.output().includes('stopping') ? true : undefined),
    () => worker.output(),
    30_000,
    1,
  );
  expect(await worker.stop('SIGINT')).toBe(0);
  await expectSuspended(scene, filed, 'SIGINT');
});

async function agentStarted(scene: WorkScene, taskId: string, pass: string): Promise<void> {
  await until(
    async () => ((await scene.agent.starts(taskId)).includes(pass) ? true : undefined),
    () => scene.said(),
  );
}

/** The journal says so, nothing runs, and the message stays invisible for the grace time. */
async function expectSuspended(
  scene: WorkScene,
  { taskId, text }: { taskId: string; text: string },
  signal: string,
): Promise<void> {
  const last = (await scene.records(taskId)).at(-1);
  expect(last).toMatchObject({ type: 'task.suspended', data: { reason: `stopped by ${signal}` } });
  expect(await processesWith(scene.home.folder)).toEqual([]);
  const message = (await scene.world.sqs.messages()).find(({ body }) => body === text);
  expect(message?.state).toBe('leased');
  const extended = scene.queue.calls.findLast(({ call }) => call === 'ChangeMessageVisibility');
  expect(extended?.body['VisibilityTimeout']).toBe(suspendGraceSeconds);
}
