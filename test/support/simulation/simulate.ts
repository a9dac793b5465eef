// One seed, one run: the worker's real code on a simulated world, until nothing is left to do; then the rules are checked.
import { createHash } from 'node:crypto';
import { CodedError } from '../../../src/events/failure.ts';
import { serve } from '../../../src/worker/worker.ts';
import type { Serve } from './machine.ts';
import { calm, type StrikeCount } from './plan.ts';
import { checkEnds, isQuiet, isTidy } from './rules.ts';
import { simulatedRuntime } from './simulated-runtime.ts';
import { World } from './world.ts';

export type Simulation = {
  seed: number;
  violations: string[];
  events: number;
  /** Simulated minutes. */
  minutes: number;
  /** SHA-256 over every journal on every machine. */
  digest: string;
  pullRequests: number;
  comments: number;
  deadLetters: number;
  strikes: StrikeCount;
  notes: string[];
};

/** The longest that a task may take once nothing fails: leases that have to end, three receives, an hour of work each. */
const patienceMs = 4 * 3_600_000;

/** Whether a run is over is asked after so many events, because to read the journals costs more than an event. */
const lookEvery = 16;

export async function simulate(seed: number, isTraced = false): Promise<Simulation> {
  const serveOn: Serve = async (machine, process, stop) => {
    const runtime = simulatedRuntime(world, machine, process);
    try {
      await runtime.state.prepare();
      await serve(runtime, stop);
    } catch (error) {
      world.note(`${machine.name}: the worker ends: ${String(error)}`);
      // A failing disk may end a worker; its supervisor starts the next one.
      if (!(error instanceof CodedError) && !isSystemError(error)) world.broke(`a defect: ${stackOf(error)}`);
    }
  };
  const world = new World(seed, serveOn, isTraced);
  const { scheduler, plan, machines } = world;
  world.begin();
  const unless = (isDone: (of: World) => boolean) => (): boolean =>
    world.violations.length > 0 || (scheduler.events % lookEvery === 0 && isDone(world));
  await scheduler.run(unless(isTidy), plan.faultsEndAt);
  calm(plan);
  for (const machine of machines) {
    machine.cutUntil.clear();
    machine.fullUntil = 0;
  }
  world.note('the faults end');
  if (!(await scheduler.run(unless(isQuiet), plan.faultsEndAt + patienceMs))) {
    world.note('a last start');
    for (const machine of machines) machine.kill(1_000);
    await scheduler.run(unless(isQuiet), plan.faultsEndAt + 2 * patienceMs);
  }
  if (world.violations.length === 0) checkEnds(world);
  for (const machine of machines) machine.process?.kill();
  return {
    seed,
    violations: world.violations,
    events: scheduler.events,
    minutes: Math.round(scheduler.now / 60_000),
    digest: digestOf(world),
    pullRequests: world.github.pulls.length,
    comments: world.github.comments.length,
    deadLetters: world.queue.deadLetters.length,
    strikes: world.strikes,
    notes: world.notes ?? [],
  };
}

const isSystemError = (error: unknown): boolean => error instanceof Error && 'code' in error;
const stackOf = (error: unknown): string => (error instanceof Error ? String(error.stack) : String(error));

function digestOf({ machines }: World): string {
  const hash = createHash('sha256');
  for (const { name, disk } of machines) {
    for (const path of disk.paths()) hash.update(`${name} ${path}\n`).update(disk.file(path)?.cached ?? '');
  }
  return hash.digest('hex');
}
