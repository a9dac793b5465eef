// What must be true of a task once it has ended, whatever was killed before: seen from outside, on GitHub, in the queue, on disk and among the processes.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { fold, stateName } from '../../src/machines/fold.ts';
import type { JournalRecord } from '../../src/events/journal-record.ts';
import { branchesOf } from './github/bare-repository.ts';
import type { Filed, WorkScene } from './work-scene.ts';
import { processesWith } from './processes-with.ts';

/** One pull request that closes the issue and nothing said beside it, or one explanation and no branch. Returns the task's records. */
export async function expectOneEnding(
  scene: WorkScene,
  filed: Filed,
  ending: 'published' | 'failed-permanent',
): Promise<JournalRecord[]> {
  await scene.gone(filed.text);
  await scene.archived(filed.taskId);
  const { github, sqs } = scene.world;
  const pulls = await github.pulls(filed.repository);
  const branch = `ai/issue-${filed.number}`;
  const branches = [...(await branchesOf(github.gitDirectory(filed.repository))).keys()];
  const comments = github.comments(filed.repository, filed.number);
  if (ending === 'published') {
    expect(pulls.filter(({ headBranch }) => headBranch === branch)).toMatchObject([
      { state: 'open', closes: [filed.number] },
    ]);
    expect(branches).toContain(branch);
    expect(comments).toEqual([]);
  } else {
    expect(pulls).toEqual([]);
    expect(branches).toEqual(['main']);
    expect(comments).toHaveLength(1);
    expect(comments[0]?.body).toContain(filed.taskId);
  }
  expect(github.issue(filed.repository, filed.number).labels).toContain(
    ending === 'published' ? 'ai-task-done' : 'ai-task-failed',
  );
  expect(await sqs.deadLetters()).toEqual([]);
  const records = await scene.records(filed.taskId);
  expect(stateName(fold(records).snapshot)).toBe(ending);
  return records;
}

/** After all workers have stopped: no working copy, no temporary file, no process, no journal in flight. */
export async function expectNothingLeft({ home }: WorkScene): Promise<void> {
  expect(await filesIn(join(home.folder, 'workspaces'))).toEqual([]);
  expect(await filesIn(join(home.folder, 'tmp'))).toEqual([]);
  expect(await filesIn(join(home.state, 'active'))).toEqual([]);
  expect(await processesWith(home.folder)).toEqual([]);
}

const filesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);
