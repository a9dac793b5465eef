// `node test/golden/refresh.ts`: keeps what replay prints of each journal here, and makes the journals that are missing by running tasks on
// scripted ports. Only ever run by hand. A committed journal is a promise to read it for ever: none is made anew unless it is deleted first.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { TaskLimits } from '../../src/events/limits.ts';
import { Journal } from '../../src/services/journal/journal.ts';
import type { Queue } from '../../src/services/queue/queue.ts';
import { drive } from '../../src/worker/consume.ts';
import type { CancelRequest } from '../../src/worker/cancellation.ts';
import type { OwnedTasks } from '../../src/worker/owned-tasks.ts';
import { delivery, issueTask, permanent, transient } from '../support/tasks/facts.ts';
import { acceptTask, journalPath } from '../support/tasks/run-on-journal.ts';
import { scriptedRuntime, type OnEffect } from '../support/tasks/scripted-runtime.ts';
import type { Ending } from '../support/tasks/walk.ts';
import { realMedium } from '../support/real-medium.ts';

type Story = {
  endings: Ending[];
  /** Asks the task to stop when this effect runs for the first time. */
  stopAt?: string;
  /** The operator cancels the task when this effect runs for the first time. */
  cancelAt?: string;
  /** What happens to the journal between the first run and the second. */
  meanwhile?: (journal: Journal) => void;
  /** The limits that the second run finds in its worker's configuration. */
  limits?: Partial<TaskLimits>;
  /** With this the second run is cancelled before it does anything. */
  request?: CancelRequest;
};

const outage: Ending[] = Array.from({ length: 4 }, () => transient());
const steps = (...endings: Ending[]): Ending[] => ['done', 'done', 'done', ...endings];

const stories: Record<string, Story> = {
  success: { endings: [] },
  'one-fix': { endings: steps('failed') },
  hopeless: { endings: steps('failed', 'done', 'failed', 'done', 'failed', 'done', 'failed') },
  'transient-then-success': { endings: ['done', transient({ retryAfterMs: 1 })] },
  'released-reopened': {
    endings: ['done', ...outage],
    meanwhile: (journal) =>
      journal.append({ type: 'task.reopened', data: { delivery: { ...delivery, receiveCount: 2 } } }),
  },
  'suspended-resumed': { endings: [], stopAt: 'verify' },
  cancelled: {
    endings: [],
    stopAt: 'agent',
    meanwhile: (journal) => journal.append({ type: 'task.cancelled', data: { by: 'mei', reason: 'no longer needed' } }),
  },
};

/** Journals of the releases that record the state after each event; those above are of before that. */
const withStates: Record<string, Story> = {
  'one-fix-with-states': stories['one-fix'] ?? { endings: [] },
  'failed-permanent': { endings: [permanent()] },
  'cancelled-at-work': { endings: [], cancelAt: 'agent' },
  'cancelled-while-suspended': { endings: [], stopAt: 'verify', request: { by: 'mei', reason: 'no longer needed' } },
  'cancelled-while-released': {
    endings: ['done', ...outage],
    meanwhile: (journal) => journal.append({ type: 'task.reopened', data: { delivery } }, 'generating'),
    request: { by: 'mei', reason: 'no longer needed' },
  },
  'resumed-with-other-limits': { endings: steps('failed', 'done', 'failed'), stopAt: 'verify', limits: { fixes: 1 } },
  'ended-elsewhere': {
    endings: [],
    stopAt: 'agent',
    meanwhile: (journal) => {
      journal.append({ type: 'task.suspended', data: { reason: 'no longer ours', waitsFor: 'message' } });
      const found = 'https://github.example/acme/shop/pull/13';
      const data = { by: 'test', reason: `The task had ended already: ${found}`, found };
      journal.append({ type: 'task.cancelled', data }, 'cancelled');
    },
  },
  'handed-over': {
    endings: [],
    stopAt: 'verify',
    meanwhile: (journal) => {
      const renewed = { ...delivery, messageId: 'm-2', receiptHandle: 'r-2' };
      journal.append({ type: 'message.renewed', data: { messageId: renewed.messageId } });
      journal.append({ type: 'lease.adopted', data: { delivery: renewed } });
    },
  },
};

const queue: Queue = {
  receive: async () => undefined,
  extend: async () => true,
  delete: async () => {},
  park: async () => {},
  send: async () => 'm-1',
};
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

async function tell(name: string, { endings, stopAt, cancelAt, meanwhile, limits, request }: Story): Promise<void> {
  const stop = new AbortController();
  const owned: OwnedTasks = new Map();
  const onEffect: OnEffect = async (effect, signal) => {
    if (effect === cancelAt) owned.get(issueTask.id)?.cancel({ by: 'mei', reason: 'no longer needed' });
    else if (effect === stopAt && !stop.signal.aborted) stop.abort(new Error('SIGTERM'));
    else return;
    if (!signal.aborted) await once(signal, 'abort');
  };
  const { runtime, remove } = await scriptedRuntime({ endings, onEffect, queue });
  await drive(runtime, owned, issueTask.id, await acceptTask(runtime), stop.signal);
  if (meanwhile || stopAt !== undefined) {
    const journal = await Journal.open(realMedium, journalPath(runtime), issueTask.id);
    if (journal === undefined) throw new Error(`${name} has no journal.`);
    meanwhile?.(journal);
    runtime.settings.limits = { ...runtime.settings.limits, ...limits };
    await drive(runtime, owned, issueTask.id, journal, new AbortController().signal, request ? { request } : {});
  }
  const path = await runtime.state.findEnded(issueTask.id);
  if (path === undefined) throw new Error(`${name} has not ended.`);
  await copyFile(path, here(`${name}.jsonl`));
  await remove();
}

async function print(name: string): Promise<void> {
  for (const [suffix, options] of [
    ['txt', []],
    ['json', ['--json']],
  ] as const) {
    const args = [here('../../src/cli/replay.ts'), here(`${name}.jsonl`), ...options];
    await writeFile(here(`${name}.replay.${suffix}`), execFileSync(process.execPath, args));
  }
}

for (const [name, story] of Object.entries({ ...stories, ...withStates })) {
  if (!existsSync(here(`${name}.jsonl`))) await tell(name, story);
  await print(name);
}
