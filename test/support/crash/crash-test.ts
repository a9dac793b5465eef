// The crash test: rehearses the paths, plays every chosen scene, some at a time, and sums up what was seen.
import { plan, type Case, type Rehearsed, type Selection } from './plan.ts';
import { crashPaths } from './paths.ts';
import { distinctPoints } from './points.ts';
import { kill, rehearse, suspend, type Played } from './strikes.ts';
import { pause, refuseSecond } from './two-workers.ts';
import { violated } from './judge.ts';
import { crashWorld, type CrashWorld } from './world.ts';

export type Result = Case & Played;

export type CrashTest = Selection & {
  /** Names of the paths to play; all if not said. */
  paths?: readonly string[];
  /** Scenes at a time. */
  atOnce: number;
  onResult?: (result: Result, done: number, all: number) => void;
};

export async function crashTest({ paths, atOnce, onResult, ...selection }: CrashTest): Promise<Result[]> {
  const world = await crashWorld();
  try {
    const rehearsed: Rehearsed[] = [];
    for (const path of crashPaths.filter(({ name }) => paths?.includes(name) ?? true)) {
      rehearsed.push({ path, points: distinctPoints(await world.play(path, rehearse)) });
    }
    const cases = plan(rehearsed, selection);
    const results: Result[] = [];
    const waiting = cases.values();
    const player = async (): Promise<void> => {
      for (const one of waiting) {
        const result = { ...one, ...(await play(world, one)) };
        results.push(result);
        onResult?.(result, results.length, cases.length);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, player));
    return results;
  } finally {
    await world.close();
  }
}

/** What goes wrong in a scene is a finding of that scene. */
async function play(world: CrashWorld, { path, strike, number, point }: Case): Promise<Played> {
  try {
    return await world.play(path, (scene) => {
      switch (strike) {
        case 'kill':
          return kill(scene, point);
        case 'kill-again':
          // Not the same distance each time, and the same in each run.
          return kill(scene, point, 2 + ((number * 7) % 23));
        case 'suspend':
          return suspend(scene, point);
        case 'pause':
          return pause(scene, point);
        case 'second':
          return refuseSecond(scene);
      }
    });
  } catch (error) {
    return { violations: violated('lost', String(error)), kills: 1, resumed: 0 };
  }
}
