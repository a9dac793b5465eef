// What is done to the forge and to the repository is done by who holds the task's message: each such effect first asks the lease.
import type { Lease } from './lease.ts';
import type { Runtime } from './runtime.ts';

type Outward = Pick<Runtime, 'forge' | 'workspace'>;

/** The same ports; what they change in the world waits for `lease.held`. Reading and the work on this machine do not. */
export function leased({ forge, workspace }: Outward, lease: Lease): Outward {
  const held = <Facts extends readonly unknown[], Result>(
    effect: (...call: [...Facts, AbortSignal]) => Promise<Result>,
  ) => {
    return async (...call: [...Facts, AbortSignal]): Promise<Result> => {
      await lease.held(call[call.length - 1] as AbortSignal); // the last one, by the type of `call`
      return effect(...call);
    };
  };
  return {
    forge: {
      ...forge,
      ensurePullRequest: held((...call) => forge.ensurePullRequest(...call)),
      ensureComment: held((...call) => forge.ensureComment(...call)),
      changeLabels: held((...call) => forge.changeLabels(...call)),
    },
    workspace: {
      ...workspace,
      push: held((...call) => workspace.push(...call)),
      deleteRemoteBranch: held((...call) => workspace.deleteRemoteBranch(...call)),
    },
  };
}
