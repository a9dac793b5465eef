// Labels are a courtesy: tried as often as a step is, then given up without undoing what was published.
import { expect, it, onTestFinished } from 'vitest';
import { coded } from '../../src/events/failure.ts';
import type { FailureCode } from '../../src/events/failure-codes.ts';
import type { Forge } from '../../src/services/forge/forge.ts';
import { labelIssue } from '../../src/worker/steps/label-issue.ts';
import { issueTask } from '../support/tasks/facts.ts';
import { scriptedRuntime } from '../support/tasks/scripted-runtime.ts';

/** How often GitHub was asked, and how long was waited between, when it fails in this way so often. */
async function labelledAfter(code: FailureCode, failures: number): Promise<{ asked: number; waits: number[] }> {
  const { runtime, remove } = await scriptedRuntime({});
  onTestFinished(remove);
  let asked = 0;
  const waits: number[] = [];
  const changeLabels = async (): Promise<void> => {
    asked += 1;
    if (asked <= failures) throw coded(code, 'no');
  };
  const clock = { ...runtime.clock, sleep: async (ms: number) => void waits.push(ms) };
  const forge = { ...runtime.forge, changeLabels };
  await labelIssue({ ...runtime, clock, forge }, issueTask, 'done', new AbortController().signal);
  return { asked, waits };
}

const pullRequest = {
  number: 5,
  url: '',
  state: 'open',
  headBranch: issueTask.branch,
  headCommit: '',
  body: '',
} as const;

it.each([
  { ended: 'done', stands: true, add: ['ai-task-done'], remove: ['ai-task-failed'] },
  { ended: 'failed', stands: false, add: ['ai-task-failed'], remove: ['ai-task-done'] },
  { ended: 'failed', stands: true, add: ['ai-task-failed'], remove: [] },
] as const)('says $ended, and done beside it only while a pull request stands ($stands)', async (facts) => {
  const { runtime, remove } = await scriptedRuntime({});
  onTestFinished(remove);
  const changes: object[] = [];
  const forge: Forge = {
    ...runtime.forge,
    findOpenPullRequest: async (_repository, branch) =>
      facts.stands && branch === issueTask.branch ? pullRequest : undefined,
    changeLabels: async (_repository, _number, change) => void changes.push(change),
  };
  await labelIssue({ ...runtime, forge }, issueTask, facts.ended, new AbortController().signal);
  expect(changes).toEqual([{ add: facts.add, remove: facts.remove }]);
});

it('says failed, and takes nothing back, where the token may not look for pull requests', async () => {
  const { runtime, remove } = await scriptedRuntime({});
  onTestFinished(remove);
  const changes: object[] = [];
  const forge: Forge = {
    ...runtime.forge,
    findOpenPullRequest: () => Promise.reject(coded('CW-GITHUB-FORBIDDEN', 'no')),
    changeLabels: async (_repository, _number, change) => void changes.push(change),
  };
  await labelIssue({ ...runtime, forge }, issueTask, 'failed', new AbortController().signal);
  expect(changes).toEqual([{ add: ['ai-task-failed'], remove: [] }]);
});

it('is tried again after a transient failure, with the wait of a step between', async () => {
  const { asked, waits } = await labelledAfter('CW-GITHUB-UNAVAILABLE', 2);
  expect(asked).toBe(3);
  expect(waits).toHaveLength(2);
});

it('is given up after as many tries as a step has, without an error', async () => {
  expect((await labelledAfter('CW-GITHUB-UNAVAILABLE', 100)).asked).toBe(4);
});

it('is given up at once where trying again cannot help', async () => {
  expect((await labelledAfter('CW-GITHUB-FORBIDDEN', 100)).asked).toBe(1);
});
