// reporting: take back what was pushed, then say on the issue why there is no pull request; without an issue, say who could not be told.
import { CodedError } from '../../events/failure.ts';
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
    const marker = reportMarker(task.id);
    const body = explanation({ ...input, workerId: worker.id, marker }, settings.locale);
    try {
      const comment = await forge.ensureComment(task.repository, task.issueNumber, marker, body, signal);
      await labelIssue(runtime, task, 'failed', signal);
      return { comment };
    } catch (error) {
      if (!(error instanceof CodedError) || !isGone(error)) throw error;
      return { undeliverable: error.failure };
    }
  };
}

/** Tells the explanation of a task from every other comment. */
export const reportMarker = (taskId: string): string => `<!-- codingworker task=${taskId} step=report -->`;

/** No later try would find the issue. A token that may not write is no such case: its owner can put that right. */
const isGone = ({ failure }: CodedError): boolean =>
  failure.code === 'CW-GITHUB-NOT-FOUND' || failure.code === 'CW-GITHUB-INVALID';
