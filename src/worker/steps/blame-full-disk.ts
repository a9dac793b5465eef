// What fails on a full disk fails because of it: an agent or a test that could not write says all sorts of things, none of them about the task.
import { diskFullBytes } from '../../events/bounds.ts';
import { CodedError } from '../../events/failure.ts';
import { shortage } from '../disk-room.ts';
import type { Runtime } from '../runtime.ts';
import type { TaskSteps } from './step.ts';

/** The same steps; those that run programs on the working copy throw the transient `CW-WORKSPACE-DISK` for any failure on a full disk. */
export function blamingFullDisk(steps: TaskSteps, runtime: Pick<Runtime, 'state' | 'settings'>): TaskSteps {
  const blame = async (cause: unknown): Promise<void> => {
    const failure = await shortage(runtime, diskFullBytes);
    if (failure) throw new CodedError(failure, { cause });
  };
  const blaming =
    <Input, Outcome>(
      step: (input: Input, signal: AbortSignal) => Promise<Outcome>,
      isBad: (outcome: Outcome) => boolean,
    ) =>
    async (input: Input, signal: AbortSignal): Promise<Outcome> => {
      const outcome = await step(input, signal).catch(async (error: unknown) => {
        signal.throwIfAborted();
        await blame(error);
        throw error;
      });
      if (isBad(outcome)) await blame(undefined);
      return outcome;
    };
  return {
    ...steps,
    generate: blaming(steps.generate, () => false),
    writeTests: blaming(steps.writeTests, ({ gaveUp }) => gaveUp !== undefined),
    verify: blaming(steps.verify, ({ verdict }) => verdict === 'failed'),
    fix: blaming(steps.fix, ({ gaveUp }) => gaveUp !== undefined),
  };
}
