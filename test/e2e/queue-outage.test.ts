// The queue is away, ill, or refuses: the worker says so by code, asks less and less often, loses nothing, and goes on by itself when it is back.
import { expect, test } from 'vitest';
import { receiveBackoffMinMs } from '../../src/events/bounds.ts';
import { expectOneEnding } from '../support/one-ending.ts';
import type { QueueTrouble } from '../support/sqs/sqs-proxy.ts';
import { workScene, type WorkScene } from '../support/work-scene.ts';
import { until, type WorkerProcess } from '../support/worker-process.ts';

type Said = { msg: string; code?: string | undefined; backoffMs?: number };

/** What the worker's log says of failures. */
const failuresSaid = (worker: WorkerProcess): Said[] =>
  worker
    .output()
    .split('\n')
    .filter((line) => line.includes('"failure"'))
    .map((line) => {
      const { msg, failure, backoffMs } = JSON.parse(line) as {
        msg: string;
        failure: { code: string };
        backoffMs: number;
      }; // our own log
      return { msg, code: failure.code, backoffMs };
    });

const said = (scene: WorkScene, worker: WorkerProcess, count: number): Promise<Said[]> =>
  until(
    () => (failuresSaid(worker).length >= count ? failuresSaid(worker) : undefined),
    () => scene.said(),
  );

const troubles: { what: string; trouble: QueueTrouble; code: string }[] = [
  { what: 'unreachable', trouble: { drop: 'before' }, code: 'CW-QUEUE-UNAVAILABLE' },
  { what: 'answering 500', trouble: { error: { status: 500, name: 'InternalFailure' } }, code: 'CW-QUEUE-UNAVAILABLE' },
  {
    what: 'refusing expired credentials',
    trouble: { error: { status: 403, name: 'ExpiredToken' } },
    code: 'CW-QUEUE-AUTH',
  },
];

test.each(troubles)(
  'with a queue $what from the start it backs off, and works when the queue is back',
  async ({ trouble, code }) => {
    const scene = await workScene();
    scene.queue.trouble(trouble);
    const worker = scene.start();
    const failures = await said(scene, worker, 2);
    expect(failures.map((failure) => failure.code)).toEqual(failures.map(() => code));
    expect(failures.slice(0, 2).map(({ backoffMs }) => backoffMs)).toEqual(
      [1, 2].map((factor) => factor * receiveBackoffMinMs),
    );
    const filed = await scene.file('greeter');
    await scene.send(filed.text);
    scene.queue.recover();
    await expectOneEnding(scene, filed, 'published');
    expect(worker.output()).toContain('the queue answers again');
  },
);

test('a task that runs goes on while the queue is away, and is settled when it is back', async () => {
  const scene = await workScene();
  await scene.agent.hold('generate');
  const filed = await scene.file('greeter');
  const worker = scene.start();
  await scene.send(filed.text);
  await until(
    async () => ((await scene.agent.starts(filed.taskId)).length > 0 ? true : undefined),
    () => scene.said(),
  );
  scene.queue.trouble({ drop: 'before' });
  await scene.agent.release('generate');
  await scene.recorded(filed.taskId, 'publish.done');
  const [failure] = await said(scene, worker, 1);
  expect(failure).toMatchObject({
    code: 'CW-QUEUE-UNAVAILABLE',
    msg: 'the message could not be settled; trying again',
  });
  expect(await scene.world.sqs.messages()).toHaveLength(1);
  scene.queue.recover();
  const records = await expectOneEnding(scene, filed, 'published');
  expect(records.map(({ type }) => type)).not.toContain('lease.adopted');
});

test('a message whose deletion was done but not confirmed is not missed', async () => {
  const scene = await workScene();
  const filed = await scene.file('greeter');
  scene.queue.trouble({ call: 'DeleteMessage', drop: 'after' });
  const worker = scene.start();
  await scene.send(filed.text);
  await scene.gone(filed.text);
  await said(scene, worker, 1);
  scene.queue.recover();
  await expectOneEnding(scene, filed, 'published');
});

test('stopped in an outage it ends all the same, and the task resumes with the next worker', async () => {
  const scene = await workScene();
  await scene.agent.hold('tests');
  const filed = await scene.file('greeter');
  const worker = scene.start();
  await scene.send(filed.text);
  await until(
    async () => ((await scene.agent.starts(filed.taskId)).includes('tests') ? true : undefined),
    () => scene.said(),
  );
  scene.queue.trouble({ drop: 'before' });
  expect(await worker.stop('SIGTERM')).toBe(0);
  expect((await scene.records(filed.taskId)).at(-1)?.type).toBe('task.suspended');
  await scene.agent.release('tests');
  scene.queue.recover();
  scene.start();
  await expectOneEnding(scene, filed, 'published');
  expect(await scene.agent.starts(filed.taskId)).toEqual(['generate', 'tests', 'tests', 'fix-1']);
});

test('in an outage at the start an unfinished task works on, and publishes when its message is known to be ours', async () => {
  const scene = await workScene();
  await scene.agent.hold('tests');
  const filed = await scene.file('greeter');
  const first = scene.start();
  await scene.send(filed.text);
  await until(
    async () => ((await scene.agent.starts(filed.taskId)).includes('tests') ? true : undefined),
    () => scene.said(),
  );
  await first.stop('SIGKILL');
  await scene.agent.release('tests');
  scene.queue.trouble({ drop: 'before' });
  scene.start();
  await scene.recorded(filed.taskId, 'verify.failed');
  expect(await scene.world.github.pulls(filed.repository)).toEqual([]);
  scene.queue.recover();
  await expectOneEnding(scene, filed, 'published');
});
