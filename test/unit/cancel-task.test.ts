// When a task heeds its cancellation, and when it comes too late: on real journals, with scripted ports for the world.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JournalRecord } from '../../src/events/journal-record.ts';
import { readJournal } from '../../src/services/journal/read-journal.ts';
import { drive, take } from '../../src/worker/consume.ts';
import type { OwnedTasks } from '../../src/worker/owned-tasks.ts';
import type { StateDirectory } from '../../src/worker/state-directory.ts';
import { permanent, transient } from '../support/tasks/facts.ts';
import { startQueueScene, type QueueScene } from '../support/tasks/queue-scene.ts';
import type { EffectName } from '../support/tasks/scripted-runtime.ts';

const never = new AbortController().signal;
const request = { by: 'mei', reason: 'enough' };
let scene: QueueScene;
beforeAll(async () => {
  scene = await startQueueScene();
});
afterAll(() => scene.close());

async function ended(state: StateDirectory, taskId: string): Promise<JournalRecord[]> {
  const path = (await state.findEnded(taskId)) ?? 'no journal in done/';
  return readJournal(await readFile(path), path).records;
}
const typesOf = (records: readonly JournalRecord[]): string[] => records.map(({ type }) => type);

/** Does a task whose cancellation is asked for, twice, when this effect begins. */
async function cancelledAt(effect: EffectName, endings: readonly ReturnType<typeof permanent>[] = []) {
  const { taskId } = await scene.send();
  const owned: OwnedTasks = new Map();
  const aborted: EffectName[] = [];
  const { runtime, effects } = await scene.scripted({
    endings,
    async onEffect(name, signal) {
      if (name !== effect) return;
      const stopped = once(signal, 'abort').then(() => aborted.push(name));
      owned.get(taskId)?.cancel(request);
      owned.get(taskId)?.cancel({ by: 'ken', reason: 'me too' });
      if (name === 'agent' || name === 'verify') await stopped;
    },
  });
  await take(runtime, owned, await scene.receive(), never);
  expect(await scene.sqs.messages()).toEqual([]);
  return { records: await ended(runtime.state, taskId), effects, aborted };
}

it.each(['agent', 'verify'] as const)(
  'a running %s is aborted, the first request is recorded once, and no further step begins',
  async (effect) => {
    const { records, effects, aborted } = await cancelledAt(effect);
    expect(aborted).toEqual([effect]);
    expect(effects.slice(-2)).toEqual([effect, 'dispose']);
    expect(records.filter(({ type }) => type === 'task.cancelled')).toMatchObject([{ data: request }]);
    expect(typesOf(records).slice(-2)).toEqual(['task.cancelled', 'message.settled']);
  },
);

it('a publication that has begun is finished, for the pull request may stand already', async () => {
  const { records } = await cancelledAt('push');
  expect(typesOf(records)).not.toContain('task.cancelled');
  expect(typesOf(records).slice(-2)).toEqual(['publish.done', 'message.settled']);
});

it('an explanation that has begun is finished', async () => {
  const { records } = await cancelledAt('comment', [permanent()]);
  expect(typesOf(records).slice(-2)).toEqual(['report.done', 'message.settled']);
});

it.each([
  {
    what: 'a publication',
    endings: ['done', 'done', 'done', 'done', transient()] as const,
    end: 'publish',
    step: 'publishing',
  },
  { what: 'an explanation', endings: [permanent(), transient()] as const, end: 'report', step: 'reporting' },
])(
  '$what whose answer was lost is finished: it waits to be repeated, and may stand already',
  async ({ endings, end, step }) => {
    const { taskId } = await scene.send();
    const owned: OwnedTasks = new Map();
    const asked: string[] = [];
    const { runtime } = await scene.scripted({
      endings,
      change: {
        observer: {
          onTransition(_taskId, snapshot) {
            if (!snapshot.matches('backing-off')) return;
            asked.push(snapshot.context.setback?.step ?? 'no step');
            owned.get(taskId)?.cancel(request);
          },
        },
      },
    });
    await take(runtime, owned, await scene.receive(), never);
    expect(asked).toEqual([step]);
    const types = typesOf(await ended(runtime.state, taskId));
    expect(types.slice(-4)).toEqual([`${end}.failed`, 'wait.done', `${end}.done`, 'message.settled']);
  },
);

it('a task that is cancelled before it goes on does nothing at all, and ends', async () => {
  const { taskId } = await scene.send();
  const stop = new AbortController();
  const first = await scene.scripted({
    async onEffect(name, signal) {
      if (name !== 'agent') return;
      stop.abort(new Error('SIGTERM'));
      await once(signal, 'abort');
    },
  });
  await take(first.runtime, new Map(), await scene.receive(), stop.signal);
  const second = await scene.scripted({ root: first.runtime.state.root });
  const journal = await second.runtime.state.openJournal(taskId);
  await drive(second.runtime, new Map(), taskId, journal!, never, { request });
  expect(second.effects).toEqual(['dispose']);
  expect(typesOf(await ended(second.runtime.state, taskId)).slice(-3)).toEqual([
    'task.claimed',
    'task.cancelled',
    'message.settled',
  ]);
  expect(await scene.sqs.messages()).toEqual([]);
});
