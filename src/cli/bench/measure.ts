// The measurement as a whole: how soon a worker polls and what it holds idle, then the turns, then whether every task is really done.
import { setTimeout as sleep } from 'node:timers/promises';
import { openQueue } from '../../compose.ts';
import { repository } from './job.ts';
import { median } from './median.ts';
import { takeTurns, type Pair } from './turns.ts';
import { startWorker } from './worker-process.ts';
import type { Yard } from './yard.ts';

export type Measured = {
  pairs: Pair[];
  /** Median of the pairs' ratios. */
  ratio: number;
  workerMs: number;
  /** Median of what the worker took longer. */
  overheadMs: number;
  scriptMs: number;
  /** MiB of the ordinary worker, waiting for its first message. */
  idleMiB: number;
  /** The highest MiB that was seen while tasks ran. */
  busyMiB: number;
  /** MiB of the worker that did the tasks, waiting again. */
  afterwardsMiB: number;
  firstPollMs: number;
  /** The very first start, whose modules are in no cache. */
  coldFirstPollMs: number;
};

/** What a process allocated while it started is counted only when it has come to rest. */
const restMs = 1_500;

/** `starts` of the ordinary worker, then `tasks` pairs. Throws when a side did not do its work. */
export async function measure(
  yard: Yard,
  { tasks, starts }: { tasks: number; starts: number },
  signal: AbortSignal,
): Promise<Measured> {
  const { environment, queueUrl: url, endpoint, region } = yard.world.sqs;
  Object.assign(process.env, environment);
  const queue = openQueue({ queue: { url, endpoint, region } });
  const started = await startOften(yard, starts, signal);
  const worker = await startWorker(yard, './worker-with-stub.ts', 'tasks', signal);
  const { pairs, issues, busyMiB } = await takeTurns({ yard, worker, queue, tasks }, signal);
  await sleep(restMs, undefined, { signal });
  const afterwardsMiB = await worker.resident();
  await worker.stop();
  await requireDone(yard, issues);
  return {
    pairs,
    ratio: median(pairs.map(({ workerMs, scriptMs }) => workerMs / scriptMs)),
    overheadMs: median(pairs.map(({ workerMs, scriptMs }) => workerMs - scriptMs)),
    workerMs: median(pairs.map(({ workerMs }) => workerMs)),
    scriptMs: median(pairs.map(({ scriptMs }) => scriptMs)),
    busyMiB,
    afterwardsMiB,
    ...started,
  };
}

async function startOften(yard: Yard, starts: number, signal: AbortSignal) {
  const seen: { firstPollMs: number; idleMiB: number }[] = [];
  for (let start = 0; start <= starts; start += 1) {
    const worker = await startWorker(yard, '../worker.ts', `start-${start}`, signal);
    await sleep(restMs, undefined, { signal });
    seen.push({ firstPollMs: worker.readyMs, idleMiB: await worker.resident() });
    await worker.stop();
  }
  const [cold, ...warm] = seen;
  return {
    coldFirstPollMs: cold?.firstPollMs ?? 0,
    firstPollMs: median(warm.map(({ firstPollMs }) => firstPollMs)),
    idleMiB: median(warm.map(({ idleMiB }) => idleMiB)),
  };
}

/** Each issue has its label and an open pull request whose branch is on the server. */
async function requireDone({ world }: Yard, issues: readonly number[]): Promise<void> {
  const pulls = await world.github.pulls(repository);
  for (const number of issues) {
    const pull = pulls.find(({ headBranch, state }) => headBranch === `ai/issue-${number}` && state === 'open');
    const { labels } = world.github.issue(repository, number);
    if (pull === undefined) throw new Error(`Issue ${number} has no pull request.`);
    if (!labels.includes('ai-task-done')) throw new Error(`Issue ${number} has no label that says it is done.`);
  }
}
