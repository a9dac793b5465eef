// The world that all scenes of a crash test share, on the loopback interface.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWorld, type World } from '../world.ts';
import type { CrashPath } from './paths.ts';
import { crashScene, type CrashScene } from './scene.ts';

export type CrashWorld = {
  /** Plays one scene and clears it away. */
  play: <Result>(path: CrashPath, act: (scene: CrashScene) => Promise<Result>) => Promise<Result>;
  close: () => Promise<void>;
};

export async function crashWorld(): Promise<CrashWorld> {
  const world = await startWorld();
  // Workers start by the dozen: what Node has compiled for one serves the others, as it does under `npm run worker`.
  const compiled = await mkdtemp(join(tmpdir(), 'codingworker-compiled-'));
  const shared: World = { ...world, environment: { ...world.environment, NODE_COMPILE_CACHE: compiled } };
  // The SDK finds its credentials in the environment.
  Object.assign(process.env, world.sqs.environment);
  let scenes = 0;
  return {
    async play(path, act) {
      scenes += 1;
      const scene = await crashScene(shared, path, `${path.name}-${scenes}`);
      try {
        return await act(scene);
      } finally {
        await scene.close();
      }
    },
    async close() {
      await world.close();
      await rm(compiled, { recursive: true, force: true });
    },
  };
}
