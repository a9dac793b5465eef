// How soon a worker is at work, and what it holds, by what it finds in its state directory. Each round starts one worker for each case.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openQueue } from '../../../compose.ts';
import { median } from '../median.ts';
import { startWorker } from '../worker-process.ts';
import type { Yard } from '../yard.ts';
import { acceptedTasks, fillEnded, leaveUnfinished, type Accepted } from './state-folders.ts';

export type StartUp = {
  finished: number;
  unfinished: number;
  /** Milliseconds from the start of the process to its first poll; with unfinished tasks to the first one's first step, a call of git. */
  readyMs: number;
  /** The same in each round: starts of one round are compared with one another. */
  eachMs: number[];
  residentMiB: number;
  /** Files, sockets and pipes that it holds open; undefined where the system does not tell. */
  openFiles: number | undefined;
};

export type StartUpFacts = {
  /** How many ended tasks there are in each case; the first is what the others are compared with. */
  finished: readonly number[];
  /** How many unfinished tasks, in the same way. */
  unfinished: readonly number[];
  rounds: number;
};

type Case = Pick<StartUp, 'finished' | 'unfinished'>;
type Seen = Pick<StartUp, 'readyMs' | 'residentMiB' | 'openFiles'>;
type Middle = Seen & Pick<StartUp, 'eachMs'>;

/** What a process allocated while it started is counted only when it has come to rest. */
const restMs = 1_500;
/** How often the stand-in's log is looked at for the first call of git. */
const lookMs = 2;

export async function measureStartUp(yard: Yard, facts: StartUpFacts, signal: AbortSignal): Promise<StartUp[]> {
  const { environment, queueUrl: url, endpoint, region } = yard.world.sqs;
  Object.assign(process.env, environment);
  const queue = openQueue({ queue: { url, endpoint, region } });
  const tasks = await acceptedTasks(queue, Math.max(0, ...facts.unfinished), signal);
  const cases: Case[] = [
    ...facts.finished.map((finished) => ({ finished, unfinished: 0 })),
    ...facts.unfinished.map((unfinished) => ({ finished: 0, unfinished })),
  ];
  for (const finished of facts.finished) {
    await fillEnded(join(yard.folder, nameOf({ finished, unfinished: 0 })), finished, signal);
  }
  const seen = new Map<Case, Seen[]>(cases.map((each) => [each, []]));
  // The first round fills the compile cache and the system's caches of files.
  for (let round = 0; round <= facts.rounds; round += 1) {
    for (const [each, measured] of seen) {
      const one = await startOnce(yard, each, tasks, signal);
      if (round > 0) measured.push(one);
    }
  }
  return [...seen].map(([each, measured]) => Object.assign(middleOf(measured), each));
}

const nameOf = ({ finished, unfinished }: Case): string => `start-up-${finished}-${unfinished}`;

async function startOnce(yard: Yard, each: Case, tasks: readonly Accepted[], signal: AbortSignal): Promise<Seen> {
  const name = nameOf(each);
  if (each.unfinished > 0) await leaveUnfinished(join(yard.folder, name), tasks.slice(0, each.unfinished));
  const worker = await startWorker(yard, '../worker.ts', name, signal, (stop) =>
    each.unfinished > 0 ? firstGitCall(yard, stop) : yard.world.sqs.nextCall('ReceiveMessage'),
  );
  if (each.unfinished === 0) await sleep(restMs, undefined, { signal });
  const seen = { residentMiB: await worker.resident(), openFiles: await openFilesOf(worker.pid) };
  await worker.stop();
  return { readyMs: worker.readyMs, ...seen };
}

/** The instant by `performance.now()` at which git first asks the stand-in for a repository. */
async function firstGitCall({ world }: Yard, signal: AbortSignal): Promise<number> {
  const before = world.github.requests.length;
  while (!world.github.requests.slice(before).some(({ path }) => path.endsWith('.git/info/refs'))) {
    await sleep(lookMs, undefined, { signal });
  }
  return performance.now();
}

const openFilesOf = (pid: number): Promise<number | undefined> =>
  readdir(`/proc/${pid}/fd`).then(
    (files) => files.length,
    () => undefined,
  );

function middleOf(seen: readonly Seen[]): Middle {
  const openFiles = seen.flatMap((each) => each.openFiles ?? []);
  const eachMs = seen.map(({ readyMs }) => readyMs);
  return {
    eachMs,
    readyMs: median(eachMs),
    residentMiB: median(seen.map(({ residentMiB }) => residentMiB)),
    openFiles: openFiles.length > 0 ? Math.max(...openFiles) : undefined,
  };
}
