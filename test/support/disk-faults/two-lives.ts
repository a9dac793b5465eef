// One task on one disk in two workers' lives: in the first a call of the disk goes wrong, in the second all is well.
import { basename } from 'node:path';
import type { JournalRecord } from '../../../src/events/journal-record.ts';
import { parseTaskMessage } from '../../../src/events/task-message.ts';
import { taskOf } from '../../../src/events/task.ts';
import { fold, stateName } from '../../../src/machines/fold.ts';
import { systemClock, type Clock } from '../../../src/services/clock/clock.ts';
import { readJournal } from '../../../src/services/journal/read-journal.ts';
import { StateDirectory } from '../../../src/worker/state-directory.ts';
import { serve } from '../../../src/worker/worker.ts';
import { diskPort } from '../simulation/disk-port.ts';
import { SimulatedDisk } from '../simulation/disk.ts';
import { Random } from '../simulation/random.ts';
import { causes } from '../tasks/causes.ts';
import { endingsLeft, scriptedRuntime, type EffectName } from '../tasks/scripted-runtime.ts';
import type { Ending } from '../tasks/walk.ts';
import { OneMessage } from './one-message.ts';
import { endless, StruckDisk, type DiskFault } from './struck-disk.ts';

const body = JSON.stringify({
  type: 'issue',
  issue_number: 12,
  repository: 'acme/shop',
  title: 'Sum a cart',
  body: 'The total is wrong.',
  labels: ['ai-task'],
  created_at: '2026-11-01T00:00:00Z',
  delivery_id: 'delivery-1',
});
const task = taskOf(parseTaskMessage(body));
const root = '/disk/state';
const slots = 2;

/** What goes wrong in the first life: `fault` at the disk's call `at`, counted from 1. `seed` decides how much a loss of power leaves. */
export type Mishap = { at: number; fault: DiskFault; seed: number };

export type TwoLives = {
  /** The calls of the disk in the first life, and whether one of them was struck. */
  calls: string[];
  hasStruck: boolean;
  effects: EffectName[];
  /** What must not be, in sentences. */
  wrong: string[];
  /** The records at the end of the first life, and of all. */
  before: JournalRecord[];
  records: JournalRecord[];
  /** The task's state at the end. */
  state: string | undefined;
};

export async function twoLives(endings: readonly Ending[], mishap: Mishap): Promise<TwoLives> {
  const scene = sceneOf(endings);
  const { disk, wrong, effects } = scene;
  const first = new StruckDisk(mishap.at, mishap.fault, () => disk.losePower(new Random(mishap.seed)));
  await live(scene, first);
  const before = kept(disk);
  await live(scene, new StruckDisk(0, mishap.fault, () => {}));
  const records = kept(disk);
  const { isDeleted, parkedFor } = scene.message;
  if (parkedFor !== undefined) wrong.push(`the message was parked for ${parkedFor}`);
  if (!isDeleted) wrong.push('the message was not deleted');
  const journals = disk.paths().filter(isJournal);
  if (journals.length !== 1 || !journals[0]?.startsWith(`${root}/done/`)) wrong.push(`kept: ${journals.join(', ')}`);
  const calls = first.calls.map(({ name, path }) => `${name} ${path}`);
  const state = records.length === 0 ? undefined : stateName(fold(records).snapshot);
  return { calls, hasStruck: first.hasStruck, effects, wrong, before, records, state };
}

/** What both workers find, and what is noted of them. */
type Scene = {
  disk: SimulatedDisk;
  message: OneMessage;
  endings: readonly Ending[];
  effects: EffectName[];
  wrong: string[];
};

function sceneOf(endings: readonly Ending[]): Scene {
  const disk = new SimulatedDisk();
  const wrong: string[] = [];
  const message = new OneMessage(body, () => {
    const state = durableState(disk);
    if (!/^(published|failed-permanent)$/.test(state)) wrong.push(`the message was deleted in the state ${state}`);
  });
  return { disk, message, endings, effects: [], wrong };
}

/** A worker's life: until nothing is left for it to do, its start fails, or it is killed. */
async function live({ disk, message, endings, effects, wrong }: Scene, struck: StruckDisk): Promise<void> {
  const stop = new AbortController();
  const onIdle = (): void => stop.abort(new Error('idle'));
  const state = new StateDirectory(root, { disk: diskPort(disk, struck), now: () => systemClock.now() });
  const { runtime, remove } = await scriptedRuntime({
    endings: () => endingsLeft(endings, kept(disk).filter(isOwn))[0] ?? 'done',
    queue: message.queue(slots, () => struck.isAlive, onIdle),
    writeTranscript: async (path) => {
      const file = await state.disk.create(path);
      await file.write(Buffer.from('edited\n'), 0);
      await file.close();
    },
    onEffect: (name) => {
      if (!struck.isAlive) return endless();
      effects.push(name);
      const at = durableState(disk);
      if (causes[name]?.includes(at) === false) wrong.push(`${name} ran while the medium told of the state ${at}`);
      return undefined;
    },
    change: { state, clock: hasty },
  });
  Object.assign(runtime.settings, { slots, requestPollMs: 3_600_000 });
  const work = state.prepare().then(() => serve(runtime, stop.signal));
  await Promise.race([work.catch(() => {}), struck.died]);
  stop.abort();
  await remove();
}

/** The state that a loss of power now would leave. */
function durableState(disk: SimulatedDisk): string {
  const journals = disk.survivingPaths().filter(isJournal);
  const told = journals.map((path) => readJournal(disk.surviving(path) ?? Buffer.alloc(0), path).records);
  const states = told.filter(({ length }) => length > 0).map((records) => stateName(fold(records).snapshot));
  return states.join(' and ') || 'none';
}

const isJournal = (path: string): boolean => basename(path) === `${task.id}.jsonl` || path.endsWith('.set-aside');

/** The task's records as programs read them, torn ones left out. Throws for a damaged journal. */
function kept(disk: SimulatedDisk): JournalRecord[] {
  const path = disk.paths().find(isJournal);
  return path === undefined ? [] : readJournal(disk.file(path)?.cached ?? Buffer.alloc(0), path).records;
}

/** Whether an ending of a step was told by the script, and not by the disk. */
const isOwn = ({ data }: JournalRecord): boolean => !('code' in data) || !/DISK|INTERNAL/.test(data.code);

/** Waits of seconds are over at once, longer ones not before the worker ends. A worker that repeats itself for ever is found by the test's time limit. */
const hasty: Clock = {
  ...systemClock,
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }); // whatever it is
      if (ms < 10_000) setImmediate(resolve);
    }),
  timeout: () => new AbortController().signal,
};
