// State directories as a worker finds them at its start: with tasks that have ended, and with tasks that somebody left unfinished.
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { limits } from '../../../../test/support/tasks/facts.ts';
import { issueMessage } from '../../../../test/support/world.ts';
import { leaseSeconds } from '../../../events/bounds.ts';
import { encodeRecord } from '../../../events/journal-line.ts';
import type { DeliveryReference, JournalEntry, JournalRecord } from '../../../events/journal-record.ts';
import { parseTaskMessage } from '../../../events/task-message.ts';
import { taskOf, type Task } from '../../../events/task.ts';
import { readJournal } from '../../../services/journal/read-journal.ts';
import type { Queue } from '../../../services/queue/queue.ts';
import { issue, repository } from '../job.ts';

const golden = fileURLToPath(new URL('../../../../test/golden/success.jsonl', import.meta.url));
/** Ended tasks lie in folders by month; these are two years of them. */
const months = Array.from({ length: 24 }, (_, back) => new Date(Date.UTC(2026, 10 - back)).toISOString().slice(0, 7));
/** So many are written before a signal is looked for. */
const inOneGo = 500;

/** Fills `state` with `count` ended tasks, each with a whole journal of its own: the golden one under its id. */
export async function fillEnded(state: string, count: number, signal: AbortSignal): Promise<void> {
  const { records } = readJournal(await readFile(golden), 'success.jsonl');
  for (const month of months.slice(0, count)) mkdirSync(join(state, 'done', month), { recursive: true });
  for (let number = 0; number < count; number += 1) {
    const id = `acme-greeting-${number}-${number.toString(16).padStart(10, '0')}`;
    const path = join(state, 'done', months[number % months.length] ?? '', `${id}.jsonl`);
    writeFileSync(path, Buffer.concat(records.map((record) => encodeRecord(under(id, record)))));
    if (number % inOneGo === 0) await turn(undefined, { signal });
  }
}

function under(id: string, record: JournalRecord): JournalRecord {
  if (record.type !== 'task.accepted') return { ...record, task: id };
  return { ...record, task: id, data: { ...record.data, task: { ...record.data.task, id } } };
}

export type Accepted = { task: Task; delivery: DeliveryReference };

/** `count` tasks whose messages are in the queue and received, as when their worker was killed. */
export async function acceptedTasks(queue: Queue, count: number, signal: AbortSignal): Promise<Accepted[]> {
  const accepted: Accepted[] = [];
  for (let number = 1; number <= count; number += 1) {
    await queue.send(issueMessage({ repository, number, ...issue }), signal);
    const received = await queue.receive(leaseSeconds, signal);
    if (!received) throw new Error('A message that was sent did not come.');
    const { body, messageId, receiptHandle, receiveCount } = received;
    accepted.push({ task: taskOf(parseTaskMessage(body)), delivery: { messageId, receiptHandle, receiveCount } });
  }
  return accepted;
}

/** Leaves them in `state` as a worker does that is killed while it clones: nothing else is there. */
export async function leaveUnfinished(state: string, tasks: readonly Accepted[]): Promise<void> {
  await rm(state, { recursive: true, force: true });
  await mkdir(join(state, 'active'), { recursive: true });
  for (const { task, delivery } of tasks) {
    const entries: JournalEntry[] = [
      { type: 'task.accepted', data: { task, limits, delivery } },
      { type: 'task.claimed', data: { epoch: 1, worker: { id: 'killed', host: 'here', pid: 1, version: '0' } } },
    ];
    const lines = entries.map((entry, index) =>
      encodeRecord({ v: 1, seq: index + 1, at: Date.now(), task: task.id, ...entry }),
    );
    await writeFile(join(state, 'active', `${task.id}.jsonl`), Buffer.concat(lines));
  }
}
