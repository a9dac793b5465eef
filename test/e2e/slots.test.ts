// Slots: as many tasks at a time as configured and no more, and one poll for each that is free.
import { expect, test } from 'vitest';
import { expectNothingLeft, expectOneEnding } from '../support/one-ending.ts';
import { workScene, type Filed, type WorkScene } from '../support/work-scene.ts';
import { until } from '../support/worker-process.ts';

test('three slots take three of four tasks, two of them of one repository, and the fourth when one is free', async () => {
  const scene = await workScene({ config: { slots: 3 } });
  await scene.agent.hold('generate');
  const filed = [
    await scene.file('greeter'),
    await scene.file('greeter'),
    await scene.file('other'),
    await scene.file('third'),
  ];
  const worker = scene.start();
  await polls(scene, 3);
  for (const { text } of filed) await scene.send(text);
  await until(
    async () => ((await running(scene, filed)).length === 3 ? true : undefined),
    () => scene.said(),
  );
  // All slots are taken: nobody asks for the fourth, which lies there to be had.
  expect(scene.queue.open('ReceiveMessage')).toBe(0);
  expect((await scene.world.sqs.messages()).map(({ state }) => state).toSorted()).toEqual([
    'leased',
    'leased',
    'leased',
    'ready',
  ]);

  await scene.agent.release('generate');
  for (const each of filed) {
    await expectOneEnding(scene, each, 'published');
    expect(await scene.agent.starts(each.taskId)).toEqual(['generate', 'tests', 'fix-1']);
  }
  await polls(scene, 3);
  expect(await worker.stop()).toBe(0);
  await expectNothingLeft(scene);
});

test('a free slot polls while another works, and only it', async () => {
  const scene = await workScene({ config: { slots: 2 } });
  await scene.agent.hold('generate');
  const filed = await scene.file('greeter');
  scene.start();
  await scene.send(filed.text);
  await until(
    async () => ((await running(scene, [filed])).length === 1 ? true : undefined),
    () => scene.said(),
  );
  // The busy slot's poll would make it two, and keep it two.
  expect(await polls(scene, 1)).toBe(true);
});

test('without a word about slots there is one', async () => {
  const scene = await workScene();
  await scene.agent.hold('generate');
  const [one, two] = [await scene.file('greeter'), await scene.file('other')];
  scene.start();
  await polls(scene, 1);
  await scene.send(one.text);
  await scene.send(two.text);
  await until(
    async () => ((await running(scene, [one, two])).length === 1 ? true : undefined),
    () => scene.said(),
  );
  expect(scene.queue.open('ReceiveMessage')).toBe(0);
  await scene.agent.release('generate');
  await expectOneEnding(scene, one, 'published');
  await expectOneEnding(scene, two, 'published');
});

const polls = (scene: WorkScene, count: number): Promise<true> =>
  until(
    () => (scene.queue.open('ReceiveMessage') === count ? true : undefined),
    () => `${scene.queue.open('ReceiveMessage')} polls\n${scene.said()}`,
  );

/** The tasks whose agent has been started. */
async function running(scene: WorkScene, filed: readonly Filed[]): Promise<string[]> {
  const starts = await Promise.all(filed.map(({ taskId }) => scene.agent.starts(taskId)));
  return filed.flatMap(({ taskId }, index) => (starts[index]?.length === 0 ? [] : [taskId]));
}
