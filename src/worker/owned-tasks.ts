// The tasks that this process has in its hands, so that no two slots ever open one journal, and those that wait for a slot.
import type { Journal } from '../services/journal/journal.ts';
import type { OwnedTask } from './own-task.ts';

/** The tasks that run in this process, by id. */
export type OwnedTasks = Map<string, OwnedTask>;

/** A task that an earlier worker left, with its journal open. */
export type Unfinished = { taskId: string; journal: Journal };

export type Announced = {
  /** The task itself has taken its place: who waited may ask again. */
  opened: () => void;
  /** Whatever became of it. Removes only what was announced here: who waited may have announced itself already. */
  withdraw: () => void;
};

/** From here to the open journal nothing may be waited for unannounced. */
export function announce(owned: OwnedTasks, taskId: string): Announced {
  const { promise: done, resolve } = Promise.withResolvers<void>();
  const opening: OwnedTask = { offer: () => 'busy', cancel: () => {}, done };
  owned.set(taskId, opening);
  return {
    opened: resolve,
    withdraw: () => {
      if (owned.get(taskId) === opening) owned.delete(taskId);
      resolve();
    },
  };
}
