// A worker that comes back to a task whose message is hours old: it sends the message anew, and goes on with that one, whatever is killed in between.
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { handoverAfterMs } from '../../src/events/bounds.ts';
import { expectNothingLeft, expectOneEnding } from '../support/one-ending.ts';
import { until } from '../support/worker-process.ts';
import { workScene, type Filed, type WorkScene } from '../support/work-scene.ts';

const later = {
  NODE_OPTIONS: `--import ${fileURLToPath(new URL('../support/later.ts', import.meta.url))}`,
  LATER_MS: String(handoverAfterMs),
};

test('a task that is resumed after eight hours goes on at its step with a message of its own', async () => {
  const { scene, filed } = await resumedLater();
  const worker = scene.start(later);
  const records = await expectOneEnding(scene, filed, 'published');
  expect(records.map(({ type }) => type).slice(-10)).toEqual([
    'task.suspended',
    'message.renewed',
    'lease.adopted',
    'task.claimed',
    'tests.done',
    'verify.failed',
    'fix.done',
    'verify.passed',
    'publish.done',
    'message.settled',
  ]);
  expect(await scene.agent.starts(filed.taskId)).toEqual(['generate', 'tests', 'tests', 'fix-1']);
  expect(await scene.world.sqs.messages()).toEqual([]);
  await worker.stop();
  await expectNothingLeft(scene);
});

test.each([
  ['sent', 'SendMessage', 'drop'],
  ['deleted', 'DeleteMessage', 'hang'],
] as const)(
  'killed before the message is known to be %s, the task ends once and both messages go',
  async (_, call, how) => {
    const { scene, filed } = await resumedLater();
    scene.queue.trouble({ call, ...(how === 'hang' ? { hang: true } : { drop: 'after' }) });
    const killed = scene.start(later);
    await until(
      () => (scene.queue.calls.some((seen) => seen.call === call) ? true : undefined),
      () => scene.said(),
    );
    await killed.stop('SIGKILL');
    scene.queue.recover();
    scene.start();
    await scene.archived(filed.taskId);
    await scene.world.sqs.expireLeases();
    await until(
      async () => ((await scene.world.sqs.messages()).length === 0 ? true : undefined),
      () => scene.said(),
    );
    await expectOneEnding(scene, filed, 'published');
    expect(await scene.agent.starts(filed.taskId)).toEqual(['generate', 'tests', 'tests', 'fix-1']);
  },
);

/** A task that was killed in the agent's second pass, eight hours before the end of the test's patience. */
async function resumedLater(): Promise<{ scene: WorkScene; filed: Filed }> {
  const scene = await workScene();
  await scene.agent.hold('tests');
  const filed = await scene.file('greeter');
  const worker = scene.start();
  await scene.send(filed.text);
  await until(
    async () => ((await scene.agent.starts(filed.taskId)).includes('tests') ? true : undefined),
    () => scene.said(),
  );
  await worker.stop('SIGKILL');
  await scene.agent.release('tests');
  scene.world.sqs.pass(handoverAfterMs);
  return { scene, filed };
}
