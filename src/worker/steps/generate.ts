// generating: the agent's first pass, which implements what the issue asks for.
import { coded } from '../../events/failure.ts';
import { agentPass } from '../agent-pass.ts';
import { chooseFiles } from '../choose-files.ts';
import { implementPrompt } from '../prompts.ts';
import type { Runtime } from '../runtime.ts';
import { workspaceKey, type TaskSteps } from './step.ts';

export function generateStep(runtime: Runtime): TaskSteps['generate'] {
  return async ({ task, clone }, signal) => {
    const base = clone.base.commit;
    const directory = await runtime.workspace.checkout(workspaceKey(task), base, signal);
    const wanted = `${task.title}\n${task.body}`;
    const files = await chooseFiles(
      directory,
      { text: wanted, budgetTokens: runtime.settings.contextTokens },
      runtime.sources,
    );
    const change = await agentPass(
      runtime,
      {
        task,
        name: 'generate',
        prompt: implementPrompt(task),
        files,
        directory,
        parent: base,
        base,
        subject: `Implement #${task.issueNumber}`,
      },
      signal,
    );
    if (!change.changed) {
      throw coded('CW-AGENT-NO-CHANGE', 'The agent ended without changing any file.');
    }
    return change;
  };
}
