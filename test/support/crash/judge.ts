// Judges a struck task from outside: GitHub, the queue, the disk and the processes are asked, not the worker.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fold, stateName } from '../../../src/machines/fold.ts';
import { branchesOf, commitOf, countCommits } from '../github/bare-repository.ts';
import { processesWith } from '../processes-with.ts';
import type { CrashHome, CrashScene } from './scene.ts';

/** What must never happen; `other` is what a scene asks for beside these. */
export type Rule = 'lost' | 'duplicate_prs' | 'duplicate_comments' | 'orphans' | 'repeated_agent_runs' | 'other';
export type Violation = { rule: Rule; what: string };

export const violated = (rule: Rule, what: string): Violation[] => [{ rule, what }];
export const unless = (holds: boolean, rule: Rule, what: string): Violation[] => (holds ? [] : violated(rule, what));

/** After all workers have stopped: the task has ended as its path does, once. `isHandedOver`: a worker lost it to another one on the way. */
export async function judge(scene: CrashScene, { isHandedOver = false } = {}): Promise<Violation[]> {
  return [
    ...(await judgeQueue(scene)),
    ...(await judgeGitHub(scene, isHandedOver)),
    ...(await judgeMachine(scene)),
    ...(await judgeJournals(scene, isHandedOver)),
  ];
}

async function judgeQueue({ queue }: CrashScene): Promise<Violation[]> {
  const [messages, dead] = [await queue.messages(), await queue.deadLetters()];
  return [
    ...unless(messages.length === 0, 'lost', 'the message is still in the queue'),
    ...unless(dead.length === 0, 'lost', 'the message is in the dead-letter queue'),
  ];
}

async function judgeGitHub(scene: CrashScene, isHandedOver: boolean): Promise<Violation[]> {
  const { repository, path, task } = scene;
  const { github } = scene.world;
  const own = (await github.pulls(repository)).slice(path.before.pulls);
  const comments = github.comments(repository, task.issueNumber);
  const isPublished = path.ending === 'published';
  const expected = isPublished ? [...path.before.branches, task.branch].toSorted() : path.before.branches;
  const branches = [...(await branchesOf(github.gitDirectory(repository))).keys()];
  return [
    ...unless(own.length + comments.length > 0, 'lost', 'neither a pull request nor an explanation'),
    ...unless(own.length <= (isPublished ? 1 : 0), 'duplicate_prs', `${own.length} pull requests`),
    ...unless(comments.length <= (isPublished ? 0 : 1), 'duplicate_comments', `${comments.length} comments`),
    ...unless(branches.join() === expected.join(), 'orphans', `branches ${branches.join()}, not ${expected.join()}`),
    ...judgeLabels(scene, isHandedOver),
    ...(isPublished ? await judgeCommits(scene, own[0]?.body ?? '') : []),
  ];
}

/** Who loses a task right behind its publication does not come to label the issue, and nobody else does. */
function judgeLabels({ world, repository, path, task }: CrashScene, mayLack: boolean): Violation[] {
  const expected = path.ending === 'published' ? 'ai-task-done' : 'ai-task-failed';
  const labels = world.github.issue(repository, task.issueNumber).labels.filter((name) => name !== 'ai-task');
  const isRight = labels.join() === expected || (mayLack && labels.length === 0);
  return unless(isRight, 'orphans', `labels ${labels.join()}, not ${expected}`);
}

/** The branch holds each of the task's commits once, and the pull request speaks of its head. */
async function judgeCommits({ world, repository, path, task }: CrashScene, text: string): Promise<Violation[]> {
  const directory = world.github.gitDirectory(repository);
  const head = await commitOf(directory, task.branch);
  if (head === undefined) return [];
  const commits = await countCommits(directory, 'main', task.branch);
  return [
    ...unless(commits === path.commits, 'other', `${commits} commits on the branch, not ${path.commits}`),
    ...unless(text.includes(head), 'other', 'the pull request speaks of another commit than its head'),
  ];
}

/** No working copy, temporary file or process is left, and nothing of a task that has not ended. */
async function judgeMachine({ homes }: CrashScene): Promise<Violation[]> {
  const found: Violation[] = [];
  for (const home of homes) {
    for (const folder of ['workspaces', 'tmp', 'state/active', 'state/agent', 'state/requests']) {
      const left = await readdir(join(home.folder, folder)).catch(() => []);
      found.push(...unless(left.length === 0, 'orphans', `${folder}: ${left.join()}`));
    }
    const drafts = (await readdir(home.state.root, { recursive: true })).filter((name) => name.endsWith('.tmp'));
    found.push(...unless(drafts.length === 0, 'orphans', `state: ${drafts.join()}`));
    const processes = await processesWith(home.folder);
    found.push(...unless(processes.length === 0, 'orphans', `${processes.length} processes are left`));
  }
  return found;
}

/** A worker that finds its task ended by another one ends its own journal as cancelled. */
async function judgeJournals({ homes, path }: CrashScene, isHandedOver: boolean): Promise<Violation[]> {
  const endings = (await Promise.all(homes.map(endingOf))).filter((ending) => ending !== 'none');
  const isRight = (ending: string): boolean => ending === path.ending || (isHandedOver && ending === 'cancelled');
  return unless(endings.length > 0 && endings.every(isRight), 'lost', `the journals say ${endings.join()}`);
}

async function endingOf(home: CrashHome): Promise<string> {
  const records = await home.records();
  return records.length === 0 ? 'none' : stateName(fold(records).snapshot);
}
