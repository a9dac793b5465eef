// testing-pass: the agent's second pass, which writes tests for the change of the first. No edit is no failure; the pull request says so.
import { passThatMayGiveUp } from '../agent-pass.ts';
import { chooseTestFiles } from '../choose-files.ts';
import { testsPrompt } from '../prompts.ts';
import type { Runtime } from '../runtime.ts';
import { workspaceKey, type TaskSteps } from './step.ts';

export function writeTestsStep(runtime: Runtime): TaskSteps['writeTests'] {
  return async ({ task, clone, change }, signal) => {
    const directory = await runtime.workspace.checkout(workspaceKey(task), change.head, signal);
    const files = await chooseTestFiles(
      directory,
      {
        changed: change.files,
        budgetTokens: runtime.settings.contextTokens,
      },
      runtime.sources,
    );
    const pass = {
      task,
      name: 'tests',
      prompt: testsPrompt(task, change.files, files.edit),
      files,
      directory,
      parent: change.head,
      bundle: change.bundle,
      base: clone.base.commit,
      subject: `Add tests for #${task.issueNumber}`,
    };
    return passThatMayGiveUp(runtime, change, pass, signal);
  };
}
