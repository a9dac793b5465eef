// The soak: two workers on stand-ins, fed without a pause and struck by faults from a seed. One is killed again and again, the other lives through it all.
import { Random } from '../simulation/random.ts';
import { startWorld } from '../world.ts';
import { warmUpShare } from './growth.ts';
import { lastLook, type SiteFigures } from './last-look.ts';
import type { Passed } from './passing-time.ts';
import { SiteRun, type AtRest, type Stint } from './site-run.ts';
import type { Tally } from './watch.ts';
import { makeWeather } from './weather.ts';

export type SoakFacts = {
  seed: number;
  /** Of each of the two workers. */
  slots: number;
  /** New tasks are sent until so much time has passed, or so many were sent to each worker. */
  enough: { minutes: number } | { tasks: number };
  /** Milliseconds between two faults of a kind, at most. */
  calmMs: number;
  /** Milliseconds that a worker at rest is given before it is read: idle connections are closed after 5 s. */
  restMs: number;
  /** Told now and then how far it is. */
  tell: (line: string) => void;
};

export type SoakFigures = {
  seed: number;
  slots: number;
  minutes: number;
  ended: Tally['ended'];
  failures: Record<string, number>;
  troubles: Record<string, number>;
  passed: Passed;
  sites: SiteFigures[];
  /** Rules that were broken, what was left and what grew. */
  broken: string[];
};

/** Throws when a part of the soak itself breaks; what the workers do wrong is in the figures. */
export async function soak(facts: SoakFacts, signal: AbortSignal): Promise<SoakFigures> {
  const { seed, slots, calmMs, restMs } = facts;
  const ended: Tally['ended'] = { published: 0, 'failed-permanent': 0, cancelled: 0, lost: 0 };
  const tally: Tally = { ended, failures: {}, broken: [] };
  const passed: Passed = { returned: 0, redriven: 0 };
  const troubles: Record<string, number> = {};
  const note = (trouble: string): void => void (troubles[trouble] = (troubles[trouble] ?? 0) + 1);
  const world = await startWorld();
  // Far more than GitHub grants an hour: its limits are among the faults.
  world.github.limitRate({ remaining: 1e9, resetInSeconds: 1e7 });
  const began = performance.now();
  const runs: SiteRun[] = [];
  const clear = new AbortController();
  const fine = AbortSignal.any([signal, clear.signal]);
  const progress = tellProgress(facts, tally, runs, began);
  let weather: Promise<void> | undefined;
  try {
    for (const [index, name] of ['steady', 'struck'].entries()) {
      const random = new Random(seed * 3 + index);
      const mortal = name === 'struck';
      runs.push(await SiteRun.open({ name, slots, mortal, world, tally, passed, calmMs, restMs, note, random }));
    }
    const rested = await Promise.all(runs.map(async (run) => ({ run, fresh: await run.rest(signal) })));
    const isRough = (): boolean => runs.some(({ isFed }) => isFed);
    weather = makeWeather(world.github, new Random(seed * 3 + 2), { note, calmMs, isRough }, fine);
    const sites = await Promise.all(
      rested.map(async ({ run, fresh }) => {
        const warm = await work(run, facts.enough, { from: 0, to: warmUpShare }, signal);
        const end = await work(run, facts.enough, { from: warmUpShare, to: 1 }, signal);
        return lastLook(run, { fresh, warm, end });
      }),
    );
    const minutes = (performance.now() - began) / 60_000;
    return { seed, slots, minutes, ...tally, troubles, passed, sites };
  } finally {
    clearInterval(progress);
    clear.abort();
    await weather;
    await Promise.all(runs.map((run) => run.close()));
    await world.close();
  }
}

/** A share of the whole, and the rest after it. */
async function work(
  run: SiteRun,
  enough: SoakFacts['enough'],
  { from, to }: { from: number; to: number },
  signal: AbortSignal,
): Promise<AtRest> {
  await run.feed(
    'minutes' in enough ? forMinutes(enough.minutes * (to - from)) : forTasks(run, enough.tasks * to),
    signal,
  );
  return run.rest(signal);
}

function forMinutes(minutes: number): Stint {
  const end = performance.now() + minutes * 60_000;
  return { goesOn: () => performance.now() < end, sends: () => true };
}

/** So many pauses between two faults, at most, pass before the last tasks are left in peace. */
const lastFaults = 8;

function forTasks({ tasks, facts }: SiteRun, most: number): Stint {
  const sends = (): boolean => tasks.sent < most;
  let end = Infinity;
  const goesOn = (): boolean => {
    if (!sends() && end === Infinity) end = performance.now() + lastFaults * facts.calmMs;
    return tasks.open.size > 0 ? performance.now() < end : sends();
  };
  return { goesOn, sends };
}

const tellEveryMs = 60_000;

function tellProgress({ tell }: SoakFacts, tally: Tally, runs: readonly SiteRun[], began: number): NodeJS.Timeout {
  let told = 0;
  return setInterval(() => {
    for (const problem of tally.broken.slice(told)) tell(`broken: ${problem}`);
    told = tally.broken.length;
    const minutes = Math.round((performance.now() - began) / 60_000);
    const ended = Object.values(tally.ended).reduce((sum, count) => sum + count, 0);
    const memory = runs
      .map((run) => `${run.site.name} ${(run.readings.at(-1)?.memoryMiB ?? 0).toFixed(0)} MiB`)
      .join(', ');
    tell(`${minutes} min: ${ended} tasks ended, ${memory}, ${tally.broken.length} rules broken`);
  }, tellEveryMs);
}
