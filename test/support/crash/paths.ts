// The ways through the machine that are struck: what stands on GitHub before, what the agent writes, and how the task must end.
import { randomInt } from 'node:crypto';
import type { GitHub } from '../github/github.ts';
import { firstTry, hopeless, oneFix, type Story } from '../quick-agent/stories.ts';
import { issueMessage } from '../world.ts';

export type Place = { github: GitHub; repository: string };

export type CrashPath = {
  name: string;
  story: Story;
  ending: 'published' | 'failed-permanent';
  /** What stood on GitHub before the task: it stays as it is. */
  before: { pulls: number; branches: readonly string[] };
  /** Commits of the task that its pull request shows. */
  commits: number;
  /** Readies the repository for one run and returns the message that asks for the task. */
  file: (place: Place) => Promise<string>;
};

const nothing = { pulls: 0, branches: ['main'] } as const;

const fileIssue = async ({ github, repository }: Place, { issue }: Story): Promise<string> => {
  const { number } = github.createIssue(repository, { ...issue, labels: ['ai-task'], author: 'mei' });
  return issueMessage({ repository, number, ...issue });
};

const named = (name: string, story: Story, ending: CrashPath['ending'], commits: number): CrashPath => ({
  name,
  story,
  ending,
  before: nothing,
  commits,
  file: (place) => fileIssue(place, story),
});

export const crashPaths: readonly CrashPath[] = [
  named('success', firstTry, 'published', 2),
  named('one-fix', oneFix, 'published', 3),
  named('hopeless', hopeless, 'failed-permanent', 0),
  {
    ...named('transient-then-success', firstTry, 'published', 2),
    file(place) {
      place.github.fail({ method: 'POST', path: `/${place.repository}.git/git-receive-pack` }, { status: 503 });
      return fileIssue(place, firstTry);
    },
  },
  {
    ...named('comment', firstTry, 'failed-permanent', 0),
    before: { pulls: 1, branches: ['ai/issue-1', 'main'] },
    file: commentOnPull,
  },
];

/** A pull request stands, and somebody asks for a change of it. */
async function commentOnPull({ github, repository }: Place): Promise<string> {
  const { title, body } = firstTry.issue;
  const issue = github.createIssue(repository, { title, body, labels: [], author: 'mei' });
  const headBranch = `ai/issue-${issue.number}`;
  await github.commitTo(repository, headBranch, { 'NOTES.md': 'Wanted.\n' }, 'Add notes');
  const answer = await fetch(`${github.apiUrl}/repos/${repository}/pulls`, {
    method: 'POST',
    headers: { authorization: `token ${github.token}`, 'user-agent': 'a person' },
    body: JSON.stringify({ title, body: '', head: headBranch, base: 'main' }),
  });
  if (answer.status !== 201) throw new Error(`The pull request could not be opened: ${answer.status}.`);
  return JSON.stringify({
    version: 1,
    type: 'pr_comment',
    repository,
    issue_number: issue.number,
    pr_number: issue.number + 1,
    branch_name: headBranch,
    comment_id: randomInt(1, 2 ** 40),
    comment_author: 'mei',
    title,
    body: '@ai-fix Please mention the comma in NOTES.md.',
    labels: [],
    created_at: new Date().toISOString(),
  });
}
