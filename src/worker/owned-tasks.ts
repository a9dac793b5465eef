// The tasks that this process has in its hands, so that no two slots ever open one journal.
import type { OwnedTask } from './own-task.ts';

/** The tasks that run in this process, by id. */
export type OwnedTasks = Map<string, OwnedTask>;

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
