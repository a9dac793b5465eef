// Trouble at one site, drawn from the seed: its process, its queue, its folders, its operator and its messages.
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { requestCancel } from '../../../src/worker/requests.ts';
import type { Random } from '../simulation/random.ts';
import type { QueueCall, QueueTrouble } from '../sqs/sqs-proxy.ts';
import type { Site } from './site.ts';
import type { SoakTasks } from './tasks.ts';

export type Trouble = 'kill' | 'stop' | 'pause' | 'queue' | 'workspace' | 'cancel' | 'duplicate' | 'malformed';

export type Struck = {
  site: Site;
  tasks: SoakTasks;
  random: Random;
  note: (trouble: string) => void;
  /** A rule was broken. */
  breach: (problem: string) => void;
};

/** How often each is drawn, beside the others. */
const shares: readonly (readonly [Trouble, number])[] = [
  ['kill', 5],
  ['stop', 2],
  ['pause', 2],
  ['queue', 5],
  ['workspace', 1],
  ['cancel', 1],
  ['duplicate', 3],
  ['malformed', 2],
];
const ofProcess: ReadonlySet<Trouble> = new Set(['kill', 'stop']);

/** Goes on until `signal` is aborted; whatever it has begun it then ends. With `mortal`, the worker is killed and stopped too. */
export async function makeTrouble(
  struck: Struck,
  { mortal, calmMs }: { mortal: boolean; calmMs: number },
  signal: AbortSignal,
): Promise<void> {
  const bag = shares.flatMap(([trouble, share]) =>
    mortal || !ofProcess.has(trouble) ? Array.from({ length: share }, () => trouble) : [],
  );
  while (!signal.aborted) {
    await pause(struck.random.between(calmMs / 8, calmMs), signal);
    if (!signal.aborted) await strike(struck, struck.random.pick(bag), signal);
  }
}

async function strike(struck: Struck, trouble: Trouble, signal: AbortSignal): Promise<void> {
  const { site, tasks, random, note, breach } = struck;
  note(trouble);
  switch (trouble) {
    case 'kill':
    case 'stop': {
      const ended = await site.end(trouble === 'kill' ? 'SIGKILL' : 'SIGTERM');
      if (!ended) breach(`${site.name} did not stop when asked to:\n${site.life().said()}`);
      await pause(random.between(0, 1_500), signal);
      return site.start();
    }
    case 'pause': {
      const { child } = site.life();
      child.kill('SIGSTOP');
      await pause(random.between(500, 6_000), signal);
      // As if it had been stopped past its leases.
      if (random.chance(0.3)) await site.sqs.expireLeases();
      child.kill('SIGCONT');
      return;
    }
    case 'queue':
      site.proxy.trouble(drawQueueTrouble(random));
      await pause(random.between(300, 9_000), signal);
      return site.proxy.recover();
    case 'workspace': {
      const folders = await readdir(site.workspaces).catch(() => []);
      const atWork = folders.flatMap((name) => tasks.open.get(name) ?? []);
      if (atWork.length === 0) return;
      const task = random.pick(atWork);
      task.interference.add('workspace-removed');
      // The worker may write there meanwhile.
      return rm(join(site.workspaces, task.taskId), { recursive: true, force: true, maxRetries: 5 });
    }
    case 'cancel': {
      const open = [...tasks.open.values()];
      if (open.length === 0) return;
      const task = random.pick(open);
      task.interference.add('cancel');
      return requestCancel(site.state, task.taskId, { by: 'soak', reason: 'drawn by lot' });
    }
    case 'duplicate': {
      const task = tasks.any(random);
      if (task) await site.queue.send(task.text, signal);
      return;
    }
    case 'malformed': {
      const text = malformed(random);
      tasks.malformed.add(text);
      return void (await site.queue.send(text, signal));
    }
  }
}

/** Texts that are no task, or none for this worker. */
function malformed(random: Random): string {
  const id = random.whole(0, 1e9);
  return random.pick([
    `{"version":1,"type":"issue","id":${id}`,
    JSON.stringify({ version: 2, type: 'issue', id }),
    JSON.stringify({ version: 1, type: 'issue', issue_number: id, repository: 'no slash', title: 'x', body: 'x' }),
    `no JSON ${id}`,
  ]);
}

function drawQueueTrouble(random: Random): QueueTrouble {
  const call = random.pick<QueueCall>(['ReceiveMessage', 'ChangeMessageVisibility', 'DeleteMessage']);
  return random.pick<QueueTrouble>([
    { drop: 'before' },
    { error: { status: 503, name: 'ServiceUnavailable' } },
    { error: { status: 500, name: 'InternalError' } },
    { error: { status: 400, name: 'ThrottlingException' } },
    { drop: 'after', call },
    { hang: true, call },
  ]);
}

export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => {});
