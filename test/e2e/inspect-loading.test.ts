// Who does not inspect does not pay for it, and opens no door: the worker loads nothing of the inspector.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { workerScene, type WorkerScene } from '../support/worker/worker-scene.ts';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const ofInspector = /@statelyai\/inspect|\/node_modules\/ws\/|\/src\/cli\/inspect/;

/** The modules of a command from its start to its end by SIGTERM, when it had begun to serve. */
async function modulesOf(scene: WorkerScene, command: string, args: string[] = []): Promise<string[]> {
  const list = join(scene.environment['CODINGWORKER_STATE_DIR'] ?? '', `modules-${args.length}`);
  const polled = scene.world.sqs.nextCall('ReceiveMessage');
  const child = execa('node', ['--import', path('../support/inspect/note-modules.ts'), path(command), ...args], {
    env: { ...scene.environment, NOTE_MODULES_IN: list },
    extendEnv: false,
    reject: false,
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await Promise.race([polled, child]);
  child.kill('SIGTERM');
  expect(await child).toMatchObject({ exitCode: 0, stderr: '' });
  return (await readFile(list, 'utf8')).split('\n');
}

test('the worker loads nothing of the inspector, and the inspecting one does', async () => {
  const scene = await workerScene();
  const ordinary = await modulesOf(scene, '../../src/cli/worker.ts');
  expect(ordinary.some((url) => url.endsWith('/src/worker/consume.ts'))).toBe(true);
  expect(ordinary.filter((url) => ofInspector.test(url))).toEqual([]);
  const inspecting = await modulesOf(scene, '../../src/cli/inspect.ts', ['--port', '0']);
  expect(inspecting.filter((url) => ofInspector.test(url)).length).toBeGreaterThan(5);
});
