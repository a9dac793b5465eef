// A worker that comes back after its message became another's does nothing for the task until the message comes again.
import { expect, test } from 'vitest';
import { expectOneEnding } from '../support/one-ending.ts';
import { workScene } from '../support/work-scene.ts';
import { until } from '../support/worker-process.ts';

test('a task whose message is no longer ours is not resumed, and goes on when the message comes again', async () => {
  const scene = await workScene();
  await scene.agent.hold('generate');
  const filed = await scene.file('greeter');
  const first = scene.start();
  await scene.send(filed.text);
  await scene.recorded(filed.taskId, 'clone.done');
  await first.stop('SIGKILL');
  await scene.agent.release('generate');
  await scene.world.sqs.expireLeases();

  const second = scene.start();
  await until(
    () => (second.output().includes('goes on when it comes again') ? true : undefined),
    () => scene.said(),
  );
  await expectOneEnding(scene, filed, 'published');
  const types = (await scene.records(filed.taskId)).map(({ type }) => type);
  expect(types.filter((type) => type === 'task.claimed')).toHaveLength(2);
  expect(types.indexOf('lease.adopted')).toBeLessThan(types.lastIndexOf('task.claimed'));
});
