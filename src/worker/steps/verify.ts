// verifying: the repository's own commands, as the base commit has them, on a clean checkout of the commit that would be pushed.
import type { Runtime } from '../runtime.ts';
import { filesFolder } from '../task-files.ts';
import { workspaceKey, type TaskSteps } from './step.ts';

export function verifyStep({ workspace, verifier, state, clock, settings }: Runtime): TaskSteps['verify'] {
  return async ({ task, clone, change, fixes, spentMs }, signal) => {
    const key = workspaceKey(task);
    const checkouts = [
      workspace.checkoutBeside(key, 'base', clone.base.commit, signal),
      workspace.checkoutBeside(key, 'verify', change.head, signal),
    ] as const;
    // When one fails, the other must not be left at work behind the step's back.
    await Promise.allSettled(checkouts);
    const [baseDirectory, directory] = await Promise.all(checkouts);
    const report = await verifier.verify(
      {
        directory,
        baseDirectory,
        logsDirectory: await filesFolder(state, task.id),
        logPrefix: `verify-${fixes}`,
        timeLimitMs: settings.taskMs - spentMs,
      },
      signal,
    );
    // The checkout's place means nothing to who reads the output, and the model knows files by their path in the repository.
    const steps = report.steps.map((step) => ({
      ...step,
      outputTail: withoutPlace(step.outputTail, directory),
    }));
    return { ...report, steps, commit: change.head, at: clock.now() };
  };
}

function withoutPlace(output: string, directory: string): string {
  return output.replaceAll(`file://${directory}/`, '').replaceAll(`${directory}/`, '').replaceAll(directory, '.');
}
