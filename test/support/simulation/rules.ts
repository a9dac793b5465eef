// The rules that every simulated run must keep: some are checked at the instant, the others when the run is over.
import { basename, dirname } from 'node:path';
import type { Task } from '../../../src/events/task.ts';
import { parseTaskMessage } from '../../../src/events/task-message.ts';
import { taskOf } from '../../../src/events/task.ts';
import { fold, stateName } from '../../../src/machines/fold.ts';
import { readJournal } from '../../../src/services/journal/read-journal.ts';
import type { Machine } from './machine.ts';
import type { World } from './world.ts';

/** The state that a journal's bytes tell of; undefined when they hold no whole record. Throws when they cannot be folded. */
export function toldBy(bytes: Buffer, name: string): Told {
  const known = alreadyRead.get(bytes);
  if (known) return known;
  const { records } = readJournal(bytes, name);
  const state = records.length === 0 ? undefined : stateName(fold(records).snapshot);
  const told = { state, lastType: records.at(-1)?.type };
  alreadyRead.set(bytes, told);
  return told;
}

/** Each write makes new bytes, so the same ones need not be read at every event. */
const alreadyRead = new WeakMap<Buffer, Told>();

type Told = { state: string | undefined; lastType: string | undefined };

const isEnd = (state: string | undefined): boolean =>
  state === 'published' || state === 'failed-permanent' || state === 'cancelled';

function isSafeEnd(bytes: Buffer, name: string): boolean {
  try {
    return isEnd(toldBy(bytes, name).state);
  } catch {
    return false;
  }
}

/** A message is deleted only when its task's end would survive a loss of power, or when another message of the task is left. */
export function checkDelete(world: World, machine: Machine, receipt: string): void {
  const message = world.queue.byReceipt(receipt);
  if (message === undefined) return;
  const { id } = taskOf(parseTaskMessage(message.body));
  const survives = machine.disk
    .survivingPaths()
    .filter((path) => basename(path) === `${id}.jsonl`)
    .some((path) => isSafeEnd(machine.disk.surviving(path) ?? Buffer.alloc(0), path));
  const isDuplicate = world.queue.messages.some((other) => other !== message && other.body === message.body);
  world.note(`queue: delete ${message.id} by ${machine.name}`);
  if (!survives && !isDuplicate) world.broke(`${machine.name} deleted ${message.id} before its task's end was safe`);
}

/** Nobody acts for a task whose message the queue promised to another, and to oneself no longer. */
export function checkEffect(world: World, machine: Machine, issue: number, what: string): void {
  const holders = world.queue.holders(world.messageIds.get(issue) ?? []);
  world.note(`${machine.name}: ${what} for #${issue}; held by ${holders.join(', ')}`);
  if (holders.length > 0 && !holders.includes(machine.name)) {
    world.broke(`${machine.name} began to ${what} for #${issue}, which ${holders.join(' and ')} holds`);
  }
}

/** Journals on a machine: whether put away or not, and the state that each tells of. */
export type Kept = {
  taskId: string;
  isActive: boolean;
  state: string | undefined;
  lastType: string | undefined;
};

export function journalsOf(world: World, machine: Machine): Kept[] {
  const root = '/disk/state';
  const months = machine.disk.list(`${root}/done`).map((month) => `${root}/done/${month}`);
  return [`${root}/active`, ...months].flatMap((folder) => {
    const names = machine.disk.list(folder).filter((name) => name.endsWith('.jsonl'));
    return names.map((name) => keptAt(world, machine, `${folder}/${name}`));
  });
}

function keptAt(world: World, machine: Machine, path: string): Kept {
  const taskId = basename(path, '.jsonl');
  const isActive = basename(dirname(path)) === 'active';
  try {
    const { state, lastType } = toldBy(machine.disk.file(path)?.cached ?? Buffer.alloc(0), path);
    return { taskId, isActive, state, lastType };
  } catch (error) {
    world.broke(`${machine.name}: ${String(error)}`);
    return { taskId, isActive, state: undefined, lastType: undefined };
  }
}

/** Left to whoever gets the task's message back; the journal says so. */
const isLeft = ({ state, lastType }: Pick<Kept, 'state' | 'lastType'>): boolean =>
  state === 'released' || lastType === 'task.suspended';

/** Nothing is left to do: no message, and no journal that a worker would go on with. */
export function isQuiet(world: World): boolean {
  if (!world.isAllSent || world.queue.messages.length > 0) return false;
  return world.machines.every((machine) =>
    journalsOf(world, machine).every(
      ({ isActive, state, lastType }) => !isActive || isEnd(state) || isLeft({ state, lastType }),
    ),
  );
}

/** Nothing is left to do, and nothing lies about any more. */
export const isTidy = (world: World): boolean =>
  isQuiet(world) && world.machines.every((machine) => journalsOf(world, machine).every(({ isActive }) => !isActive));

/** Checks the rules about ends. */
export function checkEnds(world: World): void {
  const kept = world.machines.flatMap((machine) => journalsOf(world, machine));
  for (const branch of world.git.overwritten) world.broke(`people's work on ${branch} was thrown away`);
  if (world.queue.messages.length > 0) world.broke('a message is still in the queue');
  const tasks = new Map(world.asked.flatMap(({ task }) => (task ? [[task.id, task]] : [])));
  for (const task of tasks.values())
    checkEnd(
      world,
      task,
      kept.filter(({ taskId }) => taskId === task.id),
    );
}

function checkEnd(world: World, task: Task, kept: readonly Kept[]): void {
  const { github, git, queue, machines } = world;
  const broke = (rule: string): void => world.broke(`${task.id}: ${rule}`);
  const pulls = github.pulls.filter(({ head, body }) => git.taskOf(head) === task.id || body.includes(task.id));
  const comments = github.comments.filter(({ body }) => body.includes(`task=${task.id} `));
  if (pulls.length > 1) broke(`${pulls.length} pull requests`);
  if (comments.length > 1) broke(`${comments.length} comments`);
  if (pulls.length > 0 && comments.length > 0 && machines.length === 1) broke('both a pull request and an explanation');
  if (kept.some(({ state }) => state === 'published') && pulls.length === 0) broke('published without a pull request');
  if (kept.some(({ state }) => state === 'failed-permanent') && comments.length === 0)
    broke('reported without a comment');
  const isParked = queue.deadLetters.some(({ body }) =>
    world.asked.some((one) => one.body === body && one.task?.id === task.id),
  );
  const isOpen = kept.some((journal) => journal.isActive && !isEnd(journal.state) && !isLeft(journal));
  if (isOpen) broke(`left in the state ${kept.map(({ state }) => state).join(', ')}`);
  if (!isParked && !kept.some(({ state }) => isEnd(state))) broke('neither ended nor in the dead-letter queue');
}
