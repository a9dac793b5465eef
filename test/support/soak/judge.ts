// The rules for a task that has ended, as a stranger sees it: one pull request or one explanation, nothing beside it, and the message gone.
import type { FailureCode } from '../../../src/events/failure-codes.ts';
import type { JournalRecord } from '../../../src/events/journal-record.ts';
import { fold, stateName } from '../../../src/machines/fold.ts';
import { branchesOf } from '../github/bare-repository.ts';
import type { GitHub } from '../github/github.ts';
import type { Ending, SoakTask } from './tasks.ts';
import { stories } from './stories.ts';

export type Verdict = { ending: Ending; codes: FailureCode[]; broken: string[] };

/** Codes that no fault of the soak may lead to: a defect of ours, a journal that was not what was written, a branch of our own taken for another's. */
const never: ReadonlySet<string> = new Set<FailureCode>([
  'CW-INTERNAL',
  'CW-JOURNAL-CORRUPT',
  'CW-JOURNAL-VERSION',
  'CW-JOURNAL-CONFLICT',
  'CW-JOURNAL-WRITE',
  'CW-GIT-BRANCH-TAKEN',
]);

export async function judgeTask(task: SoakTask, records: readonly JournalRecord[], github: GitHub): Promise<Verdict> {
  const failures = records.flatMap(({ data }) => ('code' in data ? [data] : []));
  const codes = failures.map(({ code }) => code);
  const { snapshot } = fold(records);
  const state = stateName(snapshot);
  if (state !== 'published' && state !== 'failed-permanent' && state !== 'cancelled') {
    return { ending: 'lost', codes, broken: [`its journal is put away as ${state}`] };
  }
  const { failure } = snapshot.context;
  // A task that GitHub's outage made us release is cancelled without another call to GitHub.
  task.mayHaveTold = records.some(({ type }) => type === 'publish.failed' || type === 'report.failed');
  const broken = [
    ...(mayEndAs(task, state, failure?.code)
      ? []
      : [
          `a task of the story ${task.story} ended as ${state} (${failure?.code ?? 'no code'}: ${failure?.message ?? ''})`,
        ]),
    ...failures.filter(({ code }) => never.has(code)).map(({ code, message }) => `${code} in its journal: ${message}`),
    ...(await judgeIssue(task, state, github)),
  ];
  return { ending: state, codes, broken };
}

function mayEndAs({ story, interference }: SoakTask, state: Ending, last: FailureCode | undefined): boolean {
  if (state === 'cancelled') return interference.has('cancel');
  const { code } = stories[story];
  if (code === undefined && state === 'published') return true;
  if (state === 'published') return false;
  // Where the working copies went in mid-step decides which failure it is.
  return last === code || interference.has('workspace-removed');
}

/** What stands on GitHub for the task's issue. */
export async function judgeIssue(
  task: Pick<SoakTask, 'repository' | 'number' | 'taskId' | 'mayHaveTold'>,
  ending: Ending,
  github: GitHub,
): Promise<string[]> {
  const { repository, number, taskId, mayHaveTold = false } = task;
  const branch = `ai/issue-${number}`;
  const pulls = (await github.pulls(repository)).filter(({ headBranch }) => headBranch === branch);
  const open = pulls.filter(({ state }) => state === 'open');
  const isBranch = (await branchesOf(github.gitDirectory(repository))).has(branch);
  const comments = github.comments(repository, number);
  const broken: string[] = [];
  const must = (holds: boolean, problem: string): void => void (holds || broken.push(problem));
  if (ending === 'published') {
    must(pulls.length === 1 && open.length === 1, `${pulls.length} pull requests, ${open.length} of them open`);
    must(
      open.every(({ closes }) => closes.includes(number)),
      'the pull request does not close the issue',
    );
    must(isBranch, 'no branch');
    must(comments.length === 0, `${comments.length} comments beside the pull request`);
  } else if (ending === 'cancelled' && mayHaveTold) {
    must(open.length + comments.length <= 1, `${open.length} open pull requests and ${comments.length} comments`);
    must(isBranch === (open.length === 1), 'a branch without a pull request, or the other way round');
  } else {
    must(open.length === 0, `${open.length} open pull requests although it ended as ${ending}`);
    must(!isBranch, `a branch although it ended as ${ending}`);
    const wanted = ending === 'cancelled' ? 0 : 1;
    must(comments.length === wanted, `${comments.length} comments where there should be ${wanted}`);
    must(
      comments.every(({ body }) => body.includes(taskId)),
      'a comment that does not name the task',
    );
  }
  return broken;
}
