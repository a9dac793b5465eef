// reporting: take back what was pushed, then say on the issue why there is no pull request.
import type { Runtime } from '../runtime.ts';
import { explanation } from '../texts/explanation.ts';
import { labelIssue } from './label-issue.ts';
import { removeOwnBranch } from './remove-own-branch.ts';
import type { TaskSteps } from './step.ts';

export function reportStep(runtime: Runtime): TaskSteps['report'] {
  const { forge, worker, settings } = runtime;
  return async (input, signal) => {
    const { task, change } = input;
    if (change) await removeOwnBranch(runtime, task, change.head, signal);
    const marker = `<!-- codingworker task=${task.id} step=report -->`;
    const body = explanation({ ...input, workerId: worker.id, marker }, settings.locale);
    const comment = await forge.ensureComment(task.repository, task.issueNumber, marker, body, signal);
    await labelIssue(runtime, task, 'failed', signal);
    return { comment };
  };
}
