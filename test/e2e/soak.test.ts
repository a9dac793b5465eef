// A sample of the soak, so many tasks instead of so many minutes; and that its judges see what they are there to see.
import { expect, onTestFinished, test } from 'vitest';
import { growthOf, grown, heapGrown } from '../support/soak/growth.ts';
import { judgeIssue } from '../support/soak/judge.ts';
import { soak } from '../support/soak/soak.ts';
import type { SoakTask } from '../support/soak/tasks.ts';
import { startGitHub } from '../support/github/github.ts';

const isLinux = process.platform === 'linux';
if (!isLinux) process.stderr.write('The sample of the soak is left out: it needs Linux, for its /proc.\n');

test.runIf(isLinux)(
  'tasks under fire end once each, and their workers leave nothing behind',
  async ({ signal }) => {
    const facts = { seed: 5, slots: 2, enough: { tasks: 4 }, calmMs: 2_000, restMs: 500, tell: () => {} };
    const { broken, ended, sites, troubles } = await soak(facts, signal);
    expect(broken).toEqual([]);
    expect(ended.published).toBeGreaterThan(0);
    expect(ended.published + ended['failed-permanent'] + ended.cancelled).toBe(sites.length * facts.enough.tasks);
    expect(Object.keys(troubles)).not.toEqual([]);
  },
  300_000,
);

const reading = (memoryMiB: number) => ({ memoryMiB, openFiles: 20, processes: 1 });

test('memory that grows is told from memory that swings', () => {
  const swinging = Array.from({ length: 200 }, (_, at) => reading(140 + (at % 10)));
  const growing = Array.from({ length: 200 }, (_, at) => reading(140 + at / 4));
  const verdict = (readings: typeof swinging): string[] | undefined => {
    const growth = growthOf(readings, 4);
    return growth && grown(growth);
  };
  expect(verdict(swinging)).toEqual([]);
  expect(verdict(growing)).toEqual([expect.stringContaining('memoryMiB grew')]);
  expect(verdict(growing.slice(0, 50))).toBeUndefined();
});

test('a heap that keeps something of each task is told from one that does not', () => {
  const after = (liveHeapMiB: number) => heapGrown({ liveHeapMiB: 40, tasks: 100 }, { liveHeapMiB, tasks: 1_100 });
  expect(after(45)).toEqual([]);
  expect(after(47)).toEqual([expect.stringContaining('in 1000 tasks')]);
});

test('an end that is not as it should be on GitHub is seen', async () => {
  const github = await startGitHub();
  onTestFinished(() => github.close());
  const repository = 'acme/judged';
  await github.createRepository({ fullName: repository });
  const { number } = github.createIssue(repository, { title: 'One' });
  const task: Pick<SoakTask, 'repository' | 'number' | 'taskId'> = { repository, number, taskId: 'acme-judged-1' };
  expect(await judgeIssue(task, 'cancelled', github)).toEqual([]);
  expect(await judgeIssue(task, 'published', github)).toContain('no branch');
  expect(await judgeIssue(task, 'failed-permanent', github)).toEqual(['0 comments where there should be 1']);

  github.addComment(repository, number, { author: 'codingworker-bot', body: 'acme-judged-1' });
  expect(await judgeIssue(task, 'failed-permanent', github)).toEqual([]);
  github.addComment(repository, number, { author: 'codingworker-bot', body: 'acme-judged-1' });
  expect(await judgeIssue(task, 'failed-permanent', github)).toEqual(['2 comments where there should be 1']);

  await github.commitTo(repository, `ai/issue-${number}`, { 'a.txt': 'a' }, 'Left');
  expect(await judgeIssue(task, 'cancelled', github)).toContain('a branch although it ended as cancelled');
});
