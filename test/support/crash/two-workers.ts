// Two workers at one task: on one state directory, which must refuse the second, and on one queue, with the first one paused past its lease.
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { inFlightMaxSeconds } from '../../../src/events/bounds.ts';
import type { WorkerProcess } from '../worker-process.ts';
import { judge, unless, violated, type Violation } from './judge.ts';
import { distinctPoints } from './points.ts';
import type { CrashHome, CrashScene } from './scene.ts';
import { notReached, type Played } from './strikes.ts';
import { allDone, endOf, stopOf } from './watch.ts';

/** Stopped at each of its points in turn: each time a second worker is started on the same state directory, and must be refused. */
export async function refuseSecond(scene: CrashScene): Promise<Played> {
  const home = await scene.addHome();
  const first = home.start({ strike: { signal: 'SIGSTOP', at: true } });
  const violations: Violation[] = [];
  let kills = 0;
  while ((await stopOf(scene, first)) === 'stopped') {
    const passed = await home.passed();
    const point = passed.at(-1) ?? '';
    if (isLocked(home) && distinctPoints(passed).at(-1) === point) {
      kills += 1;
      const second = home.start();
      const how = await endOf(scene, second);
      const said = second.output();
      const isRefused = how === 1 && said.includes('CW-STATE-LOCKED') && said.includes(`process ${first.child.pid} `);
      violations.push(...unless(isRefused, 'other', `${point}: the second worker ended with ${how}: ${said}`));
    }
    first.child.kill('SIGCONT');
  }
  // It stops itself at the points on the way to its end too.
  const waking = setInterval(() => first.child.kill('SIGCONT'), wakeEveryMs);
  violations.push(...(await stopAll([first])));
  clearInterval(waking);
  return { violations: [...violations, ...(await judge(scene))], kills, resumed: 0 };
}

const wakeEveryMs = 50;

/** Before the lock is taken, either of the two may have it. */
const isLocked = ({ folder }: CrashHome): boolean => existsSync(join(folder, 'state', 'worker.json'));

/** Long enough for a heartbeat on a busy machine, short enough to be waited out at every point. */
const leaseSeconds = 6;

/** A worker whose queue or forge does not answer soon enough leaves such a task for its next start. */
const laterStartsMax = 3;

/**
 * Stopped at `point` until its lease has ended and another worker, with a state directory of its own, has done what it finds. Then it goes
 * on. If it is left with a task that has ended elsewhere, it is started once more, after the time for which its message could have come back.
 */
export async function pause(scene: CrashScene, point: string): Promise<Played> {
  const [home, other] = [await scene.addHome(), await scene.addHome()];
  const first = home.start({ leaseSeconds, strike: { signal: 'SIGSTOP', at: point } });
  if ((await stopOf(scene, first)) !== 'stopped') return notReached(point);
  const second = other.start({ leaseSeconds });
  await sleep(leaseSeconds * 1000);
  const violations = await tellingLost(allDone(scene, { homes: [other] }));
  first.child.kill('SIGCONT');
  violations.push(...(await tellingLost(allDone(scene, { homes: [other], workers: 2 }))));
  violations.push(...(await stopAll([first, second])));
  for (let start = 1; start <= laterStartsMax && !(await home.isIdle()); start += 1) {
    // It may have to wait until its own message can be nowhere any more: the end that it sees may be its own.
    const later = home.start({ leaseSeconds, aheadMs: (inFlightMaxSeconds + 60) * 1000 });
    violations.push(...(await tellingLost(allDone(scene, { homes: [] }))), ...(await stopAll([later])));
  }
  violations.push(...(await judge(scene, { isHandedOver: true })));
  return { violations, kills: 1, resumed: 0 };
}

async function stopAll(workers: readonly WorkerProcess[]): Promise<Violation[]> {
  const statuses = await Promise.all(workers.map((worker) => worker.stop()));
  return statuses.flatMap((status) => unless(status === 0, 'other', `a worker that was stopped ended with ${status}`));
}

const tellingLost = (done: Promise<true>): Promise<Violation[]> =>
  done.then(
    () => [],
    (error: unknown) => violated('lost', String(error)),
  );
