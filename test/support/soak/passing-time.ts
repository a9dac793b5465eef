// What would pass by itself within minutes, made to pass within seconds: messages that are hidden although nobody works on them, and dead letters.
import type { JournalRecord } from '../../../src/events/journal-record.ts';
import type { Site } from './site.ts';
import type { SoakTask, SoakTasks } from './tasks.ts';
import { pause } from './trouble.ts';

export type Passed = {
  /** Messages that came back early. */
  returned: number;
  /** Messages that SQS had moved to the dead-letter queue and the operator sent back. */
  redriven: number;
};

const lookEveryMs = 4_000;

/** Goes on until `signal` is aborted. `recordsOf` gives the task's records, none if there is no journal. */
export async function letTimePass(
  site: Site,
  tasks: SoakTasks,
  recordsOf: (task: SoakTask) => Promise<readonly JournalRecord[]>,
  passed: Passed,
  signal: AbortSignal,
): Promise<void> {
  /** Texts that were hidden from everybody when we last looked: what a worker just received is written down by now. */
  let before = new Set<string>();
  while (!signal.aborted) {
    await pause(lookEveryMs, signal);
    const hidden = new Set<string>();
    for (const { body, state } of await site.sqs.messages()) {
      if (state !== 'leased') continue;
      const task = tasks.byText(body);
      if (task === undefined || isIdle(await recordsOf(task))) hidden.add(body);
    }
    for (const text of hidden) {
      if (!before.has(text)) continue;
      await site.sqs.expireLeases(text);
      passed.returned += 1;
    }
    before = hidden;
    passed.redriven += await redrive(site, signal);
  }
}

/** Nobody has begun it, or it was released, suspended or is settled: a running task has been claimed since. */
function isIdle(records: readonly JournalRecord[]): boolean {
  const last = records.findLast(
    ({ type }) => type === 'task.claimed' || type === 'task.suspended' || type === 'message.settled',
  );
  return last?.type !== 'task.claimed';
}

/** As `npm run dlq -- redrive`: what SQS moved there carries no reason; what the worker parked stays. */
async function redrive({ sqs, deadLetters }: Site, signal: AbortSignal): Promise<number> {
  const moved = (await sqs.deadLetters()).filter(({ attributes }) => attributes['codingworker.code'] === undefined);
  if (moved.length === 0) return 0;
  const sent = await deadLetters.redrive(({ reason }) => reason === undefined, signal).catch(() => []);
  return sent.length;
}
