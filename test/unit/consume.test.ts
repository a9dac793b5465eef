// What becomes of a message: on the SQS stand-in, with real journals on disk.
import { readFile, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { drive, take } from '../../src/worker/consume.ts';
import type { OwnedTasks } from '../../src/worker/owned-tasks.ts';
import { Journal } from '../../src/services/journal/journal.ts';
import { readJournal } from '../../src/services/journal/read-journal.ts';
import type { JournalRecord } from '../../src/events/journal-record.ts';
import type { StateDirectory } from '../../src/worker/state-directory.ts';
import { permanent, transient } from '../support/tasks/facts.ts';
import { startQueueScene, type QueueScene } from '../support/tasks/queue-scene.ts';
import { realMedium } from '../support/real-medium.ts';

const never = new AbortController().signal;
let scene: QueueScene;
beforeAll(async () => {
  scene = await startQueueScene();
});
afterEach(() => scene.empty());
afterAll(() => scene.close());

const outage = Array.from({ length: 4 }, transient);
const typesOf = (records: readonly JournalRecord[]): string[] => records.map(({ type }) => type);
const read = async (path: string): Promise<JournalRecord[]> => readJournal(await readFile(path), path).records;
async function ended(state: StateDirectory, taskId: string): Promise<JournalRecord[]> {
  return read((await state.findEnded(taskId)) ?? 'no journal in done/');
}
const active = (state: StateDirectory, taskId: string): Promise<JournalRecord[]> => read(state.journal(taskId));

describe('a task that ends', () => {
  it.each([
    ['published', [], 'publish.done'],
    ['failed-permanent', [permanent()], 'report.done'],
  ] as const)(
    'as %s loses its message after its end is on disk, and its journal moves last',
    async (_, endings, last) => {
      const { taskId } = await scene.send();
      const order: string[] = [];
      const { runtime } = await scene.scripted({
        endings,
        onEffect: async (name) => {
          if (name === 'dispose')
            order.push(`dispose, journal ${(await runtime.state.isActive(taskId)) ? 'active' : 'done'}`);
        },
        queue: {
          ...scene.queue,
          async delete(receipt, signal) {
            order.push(`delete after ${(await active(runtime.state, taskId)).at(-1)?.type}`);
            await scene.queue.delete(receipt, signal);
          },
        },
      });
      await take(runtime, new Map(), await scene.receive(), never);
      expect(order).toEqual([`delete after ${last}`, 'dispose, journal active']);
      expect(await scene.sqs.messages()).toEqual([]);
      expect(typesOf(await ended(runtime.state, taskId)).slice(-2)).toEqual([last, 'message.settled']);
      expect(await runtime.state.activeTasks()).toEqual([]);
    },
  );

  it('deletes the message that comes again after it, and does nothing else', async () => {
    const { taskId, text } = await scene.send();
    const { runtime, effects } = await scene.scripted();
    await take(runtime, new Map(), await scene.receive(), never);
    const [records, done] = [await ended(runtime.state, taskId), effects.length];
    await scene.queue.send(text, never);
    await take(runtime, new Map(), await scene.receive(), never);
    expect(await scene.sqs.messages()).toEqual([]);
    expect(effects).toHaveLength(done);
    expect(await ended(runtime.state, taskId)).toEqual(records);
  });

  it('is settled once more after a crash between its end and the deletion, and never twice after it', async () => {
    const { taskId } = await scene.send();
    const { runtime } = await scene.scripted({
      queue: { ...scene.queue, delete: () => Promise.reject(new Error('killed')) },
    });
    await expect(take(runtime, new Map(), await scene.receive(), never)).rejects.toThrow('killed');
    expect(typesOf(await active(runtime.state, taskId)).at(-1)).toBe('publish.done');
    const next = { ...runtime, queue: scene.queue };
    const path = runtime.state.journal(taskId);
    await drive(next, new Map(), taskId, (await Journal.open(realMedium, path, taskId))!, never);
    const records = await ended(runtime.state, taskId);
    expect(typesOf(records).slice(-3)).toEqual(['publish.done', 'task.claimed', 'message.settled']);
    expect(await scene.sqs.messages()).toEqual([]);
    // As if the worker had been killed between the settlement and the move.
    await writeFile(path, await readFile((await runtime.state.findEnded(taskId)) ?? ''));
    await drive(next, new Map(), taskId, (await Journal.open(realMedium, path, taskId))!, never);
    expect(typesOf(await ended(runtime.state, taskId)).filter((type) => type === 'message.settled')).toHaveLength(1);
  });
});

describe('a task that an outage outlasts', () => {
  it('gives its message back after a delay, keeps its journal, and goes on at its step when the message returns', async () => {
    const { taskId } = await scene.send();
    const { runtime, effects } = await scene.scripted({ endings: ['done', 'done', ...outage] });
    await take(runtime, new Map(), await scene.receive(), never);
    expect(await scene.sqs.messages()).toMatchObject([{ state: 'leased', receiveCount: 1 }]);
    expect(await active(runtime.state, taskId)).toHaveLength(12);
    effects.length = 0;
    await scene.sqs.expireLeases();
    await take(runtime, new Map(), await scene.receive(), never);
    expect(effects).toEqual(['agent', 'commit', 'verify', 'push', 'pull request', 'dispose']);
    const types = typesOf(await ended(runtime.state, taskId));
    expect(types.filter((type) => !/^(clone|generate|tests|wait)\./.test(type))).toEqual([
      'task.accepted',
      'task.claimed',
      'message.settled',
      'task.reopened',
      'task.claimed',
      'verify.passed',
      'publish.done',
      'message.settled',
    ]);
  });
});

describe('a message that is no task for this worker', () => {
  it.each([
    ['malformed', () => scene.queue.send('{"type":"issue"}', never), 'CW-MESSAGE-INVALID'],
    ['not allowed', () => scene.send({ repository: 'evil/shop' }), 'CW-REPOSITORY-NOT-ALLOWED'],
  ])('because it is %s is parked with its reason, and leaves no journal', async (_, send, code) => {
    const before = (await scene.sqs.deadLetters()).length;
    await send();
    const { runtime, effects } = await scene.scripted();
    await take(runtime, new Map(), await scene.receive(), never);
    expect(await scene.sqs.messages()).toEqual([]);
    const letters = await scene.sqs.deadLetters();
    expect(letters).toHaveLength(before + 1);
    expect(letters.at(-1)?.attributes).toMatchObject({ 'codingworker.code': code });
    expect(effects).toEqual([]);
    expect(await runtime.state.activeTasks()).toEqual([]);
  });

  it('because its journal is damaged is parked; the journal is set aside and never begun anew behind it', async () => {
    const { taskId, text } = await scene.send();
    const { runtime, effects } = await scene.scripted();
    const damaged = Buffer.from('{"crc":"00000000","v":1}\nmore\n');
    await writeFile(runtime.state.journal(taskId), damaged);
    await take(runtime, new Map(), await scene.receive(), never);
    expect((await scene.sqs.deadLetters()).at(-1)?.attributes).toMatchObject({
      'codingworker.code': 'CW-JOURNAL-CORRUPT',
    });
    expect(await readFile(`${runtime.state.journal(taskId)}.set-aside`)).toEqual(damaged);
    await scene.queue.send(text, never);
    await take(runtime, new Map(), await scene.receive(), never);
    expect(await scene.sqs.messages()).toEqual([]);
    expect(await runtime.state.activeTasks()).toEqual([]);
    expect(effects).toEqual([]);
  });
});

describe('a message of a task that runs here', () => {
  /** Runs the task until its agent works, does `meanwhile`, and lets it go on to its end. */
  async function whileItRuns(meanwhile: (owned: OwnedTasks) => Promise<void>) {
    const gate = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    const sent = await scene.send();
    const { runtime, effects } = await scene.scripted({
      onEffect: async (name) => {
        if (name !== 'agent') return;
        started.resolve();
        await gate.promise;
      },
    });
    const owned: OwnedTasks = new Map();
    const running = take(runtime, owned, await scene.receive(), never);
    await started.promise;
    await meanwhile(owned).finally(gate.resolve);
    await running;
    return { runtime, effects, ...sent, records: await ended(runtime.state, sent.taskId) };
  }

  it('is adopted when it is the task’s own, delivered again: its newer receipt settles the task', async () => {
    const { records, effects } = await whileItRuns(async (owned) => {
      await scene.sqs.expireLeases();
      const { runtime } = await scene.scripted();
      await take(runtime, owned, await scene.receive(), never);
    });
    const adopted = records.filter(({ type }) => type === 'lease.adopted');
    expect(adopted).toMatchObject([{ data: { delivery: { receiveCount: 2 } } }]);
    expect(await scene.sqs.messages()).toEqual([]);
    expect(effects.filter((name) => name === 'clone')).toHaveLength(1);
  });

  it('is deleted when it is another one, while the task’s own is held', async () => {
    const { records } = await whileItRuns(async (owned) => {
      const [[taskId] = ['']] = [...owned];
      const { runtime } = await scene.scripted();
      const [own] = await scene.sqs.messages();
      await scene.queue.send(own?.body ?? '', never);
      await take(runtime, owned, await scene.receive(), never);
      expect(owned.has(taskId)).toBe(true);
      expect(await scene.sqs.messages()).toMatchObject([{ messageId: own?.messageId, state: 'leased' }]);
    });
    expect(typesOf(records)).not.toContain('lease.adopted');
    expect(await scene.sqs.messages()).toEqual([]);
  });

  it('never opens its journal a second time, though both come at once', async () => {
    const { taskId, text } = await scene.send();
    await scene.queue.send(text, never);
    const { runtime, effects } = await scene.scripted();
    const owned: OwnedTasks = new Map();
    const [one, other] = [await scene.receive(), await scene.receive()];
    await Promise.all([take(runtime, owned, one, never), take(runtime, owned, other, never)]);
    expect(effects.filter((name) => name === 'clone')).toHaveLength(1);
    expect(typesOf(await ended(runtime.state, taskId)).filter((type) => type === 'task.claimed')).toHaveLength(1);
    expect(owned.size).toBe(0);
    // One of the two settled the task; if the other was not told to be a duplicate in time, it is when it comes again.
    await scene.sqs.expireLeases();
    for (const _ of await scene.sqs.messages()) await take(runtime, owned, await scene.receive(), never);
    expect(await scene.sqs.messages()).toEqual([]);
  });
});

describe('a task that is suspended', () => {
  it('keeps its message for the restarted worker, which resumes with the recorded receipt', async () => {
    const stop = new AbortController();
    const { taskId } = await scene.send();
    const { runtime, effects } = await scene.scripted({
      async onEffect(name, signal) {
        if (name !== 'agent' || stop.signal.aborted) return;
        stop.abort(new Error('SIGTERM'));
        await once(signal, 'abort');
      },
    });
    await take(runtime, new Map(), await scene.receive(1), stop.signal);
    expect((await active(runtime.state, taskId)).at(-1)).toMatchObject({
      type: 'task.suspended',
      data: { reason: 'SIGTERM' },
    });
    expect(await scene.sqs.messages()).toMatchObject([{ state: 'leased', receiveCount: 1 }]);
    effects.length = 0;
    const journal = await Journal.open(realMedium, runtime.state.journal(taskId), taskId);
    await drive(runtime, new Map(), taskId, journal!, never);
    expect(effects[0]).toBe('agent');
    expect(await scene.sqs.messages()).toEqual([]);
    const epochs = (await ended(runtime.state, taskId)).flatMap((record) =>
      record.type === 'task.claimed' ? [record.data.epoch] : [],
    );
    expect(epochs).toEqual([1, 2]);
  });
});
