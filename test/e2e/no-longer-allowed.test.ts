// A repository is taken off the list while a task of it is unfinished: nothing more is done for it, and a person finds out why.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { expectOneEnding } from '../support/one-ending.ts';
import { runProgram } from '../support/run-program.ts';
import { workScene, type WorkScene } from '../support/work-scene.ts';
import { until } from '../support/worker-process.ts';

test('an unfinished task of it waits, its message is parked, and it goes on once the repository is allowed again', async () => {
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
  const requests = scene.world.github.requests.length;

  await allow(scene, ['acme/other']);
  const second = scene.start();
  await until(
    () => (second.output().includes('CW-REPOSITORY-NOT-ALLOWED') ? true : undefined),
    () => second.output(),
  );
  expect((await runProgram('tasks', scene.home)).out).toContain('testing-pass (waits for its message)');
  await scene.world.sqs.expireLeases();
  await scene.gone(filed.text);
  expect(await second.stop()).toBe(0);
  expect(await scene.world.sqs.deadLetters()).toMatchObject([
    { body: filed.text, attributes: { 'codingworker.code': 'CW-REPOSITORY-NOT-ALLOWED' } },
  ]);
  expect(scene.world.github.requests.slice(requests).filter(({ path }) => path.includes('greeter'))).toEqual([]);

  await allow(scene, ['acme/*']);
  expect((await runProgram('dlq', scene.home, 'redrive', '--all')).status).toBe(0);
  scene.start();
  await expectOneEnding(scene, filed, 'published');
  expect(await scene.agent.starts(filed.taskId)).toEqual(['generate', 'tests', 'tests', 'fix-1']);
});

async function allow({ home }: WorkScene, repositories: string[]): Promise<void> {
  const path = join(home.folder, 'codingworker.yaml');
  const config = parse(await readFile(path, 'utf8')) as Record<string, unknown>; // written by the scene
  await writeFile(path, stringify({ ...config, repositories }));
}
