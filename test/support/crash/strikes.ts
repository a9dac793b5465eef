// A worker is struck at a point, by SIGKILL or SIGTERM, and the next one has to end the task.
import { finishedPasses, repeatedPasses, type FinishedPasses } from './agent-runs.ts';
import { judge, unless, violated, type Violation } from './judge.ts';
import type { CrashHome, CrashScene } from './scene.ts';
import { allDone, endOf } from './watch.ts';

export type Played = {
  violations: Violation[];
  /** Signals that were sent. */
  kills: number;
  /** Tasks that were taken up again from their journal. */
  resumed: number;
  /** Milliseconds from the start of the worker that took it up again to the step that it went on with. */
  restartMs?: number;
};

/** Runs the task undisturbed and returns the names of the points that its worker passed. */
export async function rehearse(scene: CrashScene): Promise<string[]> {
  const home = await scene.addHome();
  const worker = home.start({});
  await allDone(scene);
  await worker.stop();
  const found = await judge(scene);
  if (found.length > 0) throw new Error(`${scene.path.name}, undisturbed: ${found.map(({ what }) => what).join('; ')}`);
  return home.passed();
}

/** Killed at `point`, and with `again` the next worker once more after as many points; then a last one ends the task. */
export async function kill(scene: CrashScene, point: string, again?: number): Promise<Played> {
  const home = await scene.addHome();
  const how = await endOf(scene, home.start({ strike: { signal: 'SIGKILL', at: point } }));
  if (how !== 'SIGKILL') return notReached(point);
  let finished = await finishedPasses(home, scene.task.id);
  await comesBack(scene, home);
  if (again === undefined) return { ...(await takenUp(scene, home, finished)), kills: 1 };

  const second = home.start({ strike: { signal: 'SIGKILL', at: again } });
  // It may have had less to do than that.
  if ((await endOf(scene, second)) !== 'SIGKILL') await second.stop();
  const repeated = await judgeRuns(scene, home, finished);
  finished = await finishedPasses(home, scene.task.id);
  await comesBack(scene, home);
  const played = await takenUp(scene, home, finished);
  return { ...played, violations: [...repeated, ...played.violations], kills: 2 };
}

/** Asked to stop at `point`: it ends by itself and keeps the message, and the next worker ends the task. */
export async function suspend(scene: CrashScene, point: string): Promise<Played> {
  const home = await scene.addHome();
  const how = await endOf(scene, home.start({ strike: { signal: 'SIGTERM', at: point } }));
  if (how === 'idle') return notReached(point);
  const left = await scene.queue.messages();
  const isBegun = !(await home.isIdle());
  const violations = [
    ...unless(how === 0, 'other', `asked to stop, it ended with ${how}`),
    ...unless(!isBegun || left.every(({ state }) => state === 'leased'), 'other', 'its message was not kept'),
  ];
  const finished = await finishedPasses(home, scene.task.id);
  await comesBack(scene, home);
  const played = await takenUp(scene, home, finished);
  return { ...played, violations: [...violations, ...played.violations], kills: 1 };
}

export const notReached = (point: string): Played => ({
  violations: violated('other', `the point was not reached: ${point}`),
  kills: 0,
  resumed: 0,
});

/** A message that was received but not accepted is ready again when its lease has ended; nobody else knows of it. */
async function comesBack({ queue, text }: CrashScene, home: CrashHome): Promise<void> {
  if ((await home.records()).length === 0) await queue.expireLeases(text);
}

/** The shipped worker is started on what was left, ends it, and is stopped. */
async function takenUp(scene: CrashScene, home: CrashHome, finished: FinishedPasses): Promise<Omit<Played, 'kills'>> {
  const before = (await home.isIdle()) ? [] : await home.records();
  const startedAt = Date.now();
  const worker = home.start();
  const lost = await allDone(scene).then(
    () => [],
    (error: unknown) => violated('lost', String(error)),
  );
  const status = await worker.stop();
  const violations = [
    ...lost,
    ...unless(status === 0, 'other', `the last worker ended with ${status}`),
    ...(await judgeRuns(scene, home, finished)),
    ...(await judge(scene)),
  ];
  if (before.length === 0) return { violations, resumed: 0 };
  const records = await home.records();
  const claim = records.slice(before.length).find(({ type }) => type === 'task.claimed');
  const isIntact = before.every((record, index) => JSON.stringify(record) === JSON.stringify(records[index]));
  return {
    violations: [...violations, ...unless(isIntact, 'lost', 'records that were on disk are gone or changed')],
    resumed: 1,
    ...(claim && { restartMs: claim.at - startedAt }),
  };
}

async function judgeRuns(scene: CrashScene, home: CrashHome, finished: FinishedPasses): Promise<Violation[]> {
  const repeated = await repeatedPasses(home, scene.task.id, finished);
  return unless(repeated.length === 0, 'repeated_agent_runs', `run again although finished: ${repeated.join()}`);
}
