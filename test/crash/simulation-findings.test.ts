// What the simulation found, each in its smallest form, so that it stays closed however the seeds' meaning changes.
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { leaseSeconds } from '../../src/events/bounds.ts';
import { fold } from '../../src/machines/fold.ts';
import { Journal } from '../../src/services/journal/journal.ts';
import { readJournal } from '../../src/services/journal/read-journal.ts';
import { leased } from '../../src/worker/leased.ts';
import { Lease } from '../../src/worker/lease.ts';
import { SimulatedDisk } from '../support/simulation/disk.ts';
import { faultyDisk } from '../support/simulation/disk-faults.ts';
import { diskPort } from '../support/simulation/disk-port.ts';
import { SimulatedProcess } from '../support/simulation/process.ts';
import { Random } from '../support/simulation/random.ts';
import { Scheduler } from '../support/simulation/scheduler.ts';
import { issueTask, limits } from '../support/tasks/facts.ts';
import { scriptedRuntime } from '../support/tasks/scripted-runtime.ts';

const never = new AbortController().signal;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A lease on hand-moved clocks whose sleeps never end by themselves; the queue answers each heartbeat with `kept`. */
async function leaseOn(kept: () => boolean) {
  const time = { now: 1_000_000_000, elapsed: 0 };
  const clock = {
    now: () => time.now,
    elapsed: () => time.elapsed,
    sleep: (_ms: number, signal: AbortSignal) =>
      new Promise<void>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('woken')), { once: true });
      }),
    timeout: (ms: number) => AbortSignal.timeout(ms),
  };
  const unused = (): Promise<never> => Promise.reject(new Error('not used by a lease'));
  const queue = { receive: unused, delete: unused, park: unused, send: unused, extend: async () => kept() };
  const lease = new Lease({ queue, clock, log: pino({ level: 'silent' }), settings: { leaseSeconds } }, 'r-1');
  void lease.keep();
  await turn();
  const isHeld = (): Promise<'held' | 'not yet' | 'lost'> =>
    Promise.race([
      lease.held(never).then(
        () => 'held' as const,
        () => 'lost' as const,
      ),
      turn().then(() => 'not yet' as const),
    ]);
  return { lease, time, isHeld };
}

describe('an effect on the world', () => {
  it('waits while the receipt is stale (seed 9: a resumed task was published beside another worker’s explanation)', async () => {
    let kept = false;
    const { lease, isHeld } = await leaseOn(() => kept);
    expect(await isHeld()).toBe('not yet');
    kept = true;
    lease.adopt('r-2');
    await turn();
    expect(await isHeld()).toBe('held');
  });

  it('is refused after a sleep past the lease, before any timer has noticed', async () => {
    const { time, isHeld } = await leaseOn(() => true);
    expect(await isHeld()).toBe('held');
    time.now += leaseSeconds * 1000;
    expect(await isHeld()).toBe('lost');
  });

  it('waits for the queue when the clock was set back (seed 560: with a sleep behind it, the lease seemed to last)', async () => {
    const { time, isHeld } = await leaseOn(() => true);
    time.now -= 3_600_000;
    time.elapsed += 10_000;
    expect(await isHeld()).toBe('not yet');
    time.elapsed += leaseSeconds * 1000;
    expect(await isHeld()).toBe('lost');
  });

  it('waits until a heartbeat confirms an adopted receipt (seed 1508: it had waited five minutes for a stopped process)', async () => {
    const answers = [true, false];
    const { lease, isHeld } = await leaseOn(() => answers.shift() ?? false);
    expect(await isHeld()).toBe('held');
    lease.adopt('r-2');
    expect(lease.isHeld).toBe(false);
    expect(await isHeld()).toBe('not yet');
    expect(lease.isHeld).toBe(false);
  });

  it('is no reason to delete a second message once the lease of the first has passed (seed 5402: the first one was gone)', async () => {
    const { lease, time } = await leaseOn(() => true);
    expect(lease.isHeld).toBe(true);
    time.now += leaseSeconds * 1000;
    expect(lease.isHeld).toBe(false);
  });

  it('asks the lease at each call of forge and repository that changes something', async () => {
    const { runtime, effects, remove } = await scriptedRuntime();
    const { lease, time } = await leaseOn(() => true);
    time.now += leaseSeconds * 1000;
    const { forge, workspace } = leased(runtime, lease);
    const key = { taskId: 't', repository: 'acme/shop', branch: 'b' };
    const draft = { repository: 'acme/shop', headBranch: 'b', baseBranch: 'main', title: '', body: '' };
    const calls = [
      forge.ensurePullRequest(draft, never),
      forge.ensureComment('acme/shop', 1, '', '', never),
      forge.changeLabels('acme/shop', 1, { add: [], remove: [] }, never),
      workspace.push(key, { commit: 'c', expected: null }, never),
      workspace.deleteRemoteBranch(key, 'c', never),
    ];
    for (const call of calls) await expect(call).rejects.toMatchObject({ failure: { code: 'CW-QUEUE-UNAVAILABLE' } });
    expect(effects).toEqual([]);
    await remove();
  });
});

it('a record whose sync failed is written again before later ones are trusted (seed 267: the medium had a hole)', async () => {
  const scheduler = new Scheduler();
  const random = new Random(1);
  const process = new SimulatedProcess({ scheduler, random, frozenUntil: 0, onCall: () => {} });
  const disk = new SimulatedDisk();
  const faults = { error: 0, shortWrite: 0, isFull: () => false };
  const medium = { disk: diskPort(disk, faultyDisk(process, faults)), now: () => 0 };
  const path = '/active/t.jsonl';
  const delivery = { messageId: 'm', receiptHandle: 'r', receiveCount: 1 };
  const worker = { id: 'w', host: 'h', pid: 1, version: '0' };
  const failNextSync = (): void => void (faults.error = 1);
  const work = async (): Promise<void> => {
    const first = await Journal.create(medium, path, 't');
    first.append({ type: 'task.accepted', data: { task: { ...issueTask, id: 't' }, limits, delivery } });
    await first.flushed();
    const file = disk.file(path);
    if (file === undefined) throw new Error('The journal was not created.');
    // The write has reached the page cache; the sync behind it fails, and says so once.
    first.append({ type: 'task.claimed', data: { epoch: 1, worker } });
    const size = file.cached.length;
    while (file.cached.length === size) await turn();
    failNextSync();
    await expect(first.flushed()).rejects.toMatchObject({ failure: { code: 'CW-JOURNAL-WRITE' } });
    faults.error = 0;
    const second = await Journal.open(medium, path, 't');
    second?.append({ type: 'task.claimed', data: { epoch: 2, worker } });
    await second?.flushed();
  };
  let isDone = false;
  const done = work().finally(() => (isDone = true));
  await turn();
  await scheduler.run(() => isDone, Number.POSITIVE_INFINITY);
  await done;
  const { records } = readJournal(disk.surviving(path) ?? Buffer.alloc(0), path);
  expect(records.map(({ type }) => type)).toEqual(['task.accepted', 'task.claimed', 'task.claimed']);
  expect(fold(records).snapshot.value).toBe('cloning');
});
