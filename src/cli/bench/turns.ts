// One task by the worker, one by the script, in turn: what slows the machine down for a while then slows both.
import { setInterval as every } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { issueMessage } from '../../../test/support/world.ts';
import type { Queue } from '../../services/queue/queue.ts';
import { run } from '../../services/process/run.ts';
import { commandEnvironment } from '../../services/verifier/command-environment.ts';
import { issue, repository } from './job.ts';
import type { WorkerProcess } from './worker-process.ts';
import type { Yard } from './yard.ts';

export type Pair = { workerMs: number; scriptMs: number };
export type Turns = { pairs: Pair[]; issues: number[]; busyMiB: number };

const sampleEveryMs = 50;
const scriptMaxMs = 5 * 60_000;
const script = fileURLToPath(new URL('./task.sh', import.meta.url));

/** `tasks` pairs, after one that is not counted: it fills the caches of disk and npm. */
export async function takeTurns(
  { yard, worker, queue, tasks }: { yard: Yard; worker: WorkerProcess; queue: Queue; tasks: number },
  signal: AbortSignal,
): Promise<Turns> {
  const pairs: Pair[] = [];
  const issues: number[] = [];
  const stopSampling = new AbortController();
  const sampling = highestOf(worker.resident, AbortSignal.any([stopSampling.signal, signal]));
  for (let turn = 0; turn <= tasks; turn += 1) {
    const [forWorker, forScript] = [yard.openIssue(), yard.openIssue()];
    const workerMs = await byWorker(yard, worker, queue, forWorker, signal);
    const scriptMs = await byScript(yard, forScript, signal);
    issues.push(forWorker, forScript);
    if (turn > 0) pairs.push({ workerMs, scriptMs });
  }
  stopSampling.abort();
  return { pairs, issues, busyMiB: await sampling };
}

/** Milliseconds from the sending of the message until the worker, done with everything, asks for the next one. */
async function byWorker(
  { world }: Yard,
  worker: WorkerProcess,
  queue: Queue,
  number: number,
  signal: AbortSignal,
): Promise<number> {
  const deleted = world.sqs.nextCall('DeleteMessage');
  const started = performance.now();
  await queue.send(issueMessage({ repository, number, ...issue }), signal);
  await worker.during(deleted);
  return (await worker.during(world.sqs.nextCall('ReceiveMessage'))) - started;
}

/** Milliseconds from the start of the script to its end. */
async function byScript({ world, editsFolder }: Yard, number: number, signal: AbortSignal): Promise<number> {
  const { github } = world;
  const env = {
    ...commandEnvironment,
    SERVER_URL: github.url,
    API_URL: github.apiUrl,
    TOKEN: github.token,
    REPOSITORY: repository,
    ISSUE: String(number),
    EDITS: editsFolder,
    ...authorOf('GIT_AUTHOR'),
    ...authorOf('GIT_COMMITTER'),
  };
  const request = { program: 'bash', args: [script], cwd: tmpdir(), env, timeLimitMs: scriptMaxMs };
  const result = await run({ ...request, mask: (text) => text }, signal);
  if (result.exitCode !== 0) throw new Error(`The script ended with status ${result.exitCode}:\n${result.outputTail}`);
  return result.durationMs;
}

const authorOf = (role: string): Record<string, string> => ({
  [`${role}_NAME`]: 'Bench',
  [`${role}_EMAIL`]: 'bench@example.com',
});

async function highestOf(measure: () => Promise<number>, until: AbortSignal): Promise<number> {
  let highest = 0;
  try {
    for await (const _ of every(sampleEveryMs, undefined, { signal: until })) {
      highest = Math.max(highest, await measure());
    }
  } catch (error) {
    if (!until.aborted) throw error;
  }
  return highest;
}
