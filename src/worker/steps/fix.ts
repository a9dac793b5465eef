// fixing: a fresh pass of the agent with the failing command and the tail of its output. An attempt without edits is still an attempt.
import { passThatMayGiveUp } from '../agent-pass.ts';
import { chooseFiles } from '../choose-files.ts';
import { fixPrompt } from '../prompts.ts';
import type { Runtime } from '../runtime.ts';
import { workspaceKey, type TaskSteps } from './step.ts';

export function fixStep(runtime: Runtime): TaskSteps['fix'] {
  return async ({ task, clone, change, verification, fixes }, signal) => {
    const directory = await runtime.workspace.checkout(workspaceKey(task), change.head, signal);
    const failed = verification.steps.at(-1);
    if (failed === undefined) throw new Error('A verification failed without a failing command.');
    const files = await chooseFiles(
      directory,
      {
        text: `${change.files.join('\n')}\n${failed.outputTail}`,
        budgetTokens: runtime.settings.contextTokens,
      },
      runtime.sources,
    );
    const pass = {
      task,
      name: `fix-${fixes}`,
      prompt: fixPrompt(task, failed, change.files),
      files,
      directory,
      parent: change.head,
      bundle: change.bundle,
      base: clone.base.commit,
      subject: `Fix what the ${failed.kind} found for #${task.issueNumber}`,
    };
    return passThatMayGiveUp(runtime, change, pass, signal);
  };
}
