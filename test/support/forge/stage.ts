// What every file of the forge's contract starts from: one stand-in, and for each test a repository of its own with one issue.
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import { CodedError, type Failure } from '../../../src/events/failure.ts';
import type { PullRequestDraft } from '../../../src/services/forge/forge.ts';
import { startGitHub, type GitHub } from '../github/github.ts';

export const marker = '<!-- codingworker task=octo-demo-1-abc step=report -->';
export const branch = 'ai/issue-1';
/** A signal that is never aborted. */
export const never = new AbortController().signal;

/** gh starts a process for every call; a busy machine takes its time for that. */
export const patienceMs = 30_000;
vi.setConfig({ testTimeout: patienceMs, hookTimeout: patienceMs });

type Stage = { github: GitHub; repository: string };

/** Call it once at the top of a file; its fields are current in each test. */
export function forgeStage() {
  let stage: Stage | undefined;
  let count = 0;
  const current = (): Stage => {
    if (stage === undefined) throw new Error('The stage is set up before each test, not before.');
    return stage;
  };
  beforeAll(async () => {
    stage = { github: await startGitHub({ tls: true }), repository: '' };
  });
  afterAll(() => current().github.close());
  afterEach(() => current().github.clearFaults());
  beforeEach(async () => {
    const { github } = current();
    count += 1;
    const repository = `octo/demo-${count}`;
    stage = { github, repository };
    await github.createRepository({ fullName: repository });
    const issue = { title: 'Sort the list', body: 'Please.', labels: ['ai-task'], author: 'alice' };
    github.createIssue(repository, issue);
  });
  return {
    current,
    draft: (change: Partial<PullRequestDraft> = {}): PullRequestDraft => ({
      repository: current().repository,
      headBranch: branch,
      baseBranch: 'main',
      title: 'Sort the list',
      body: 'Closes #1',
      ...change,
    }),
    /** Pushes one more commit as a human would; returns its id. */
    pushChange: (name = branch): Promise<string> => {
      const { github, repository } = current();
      const files = { 'a.txt': `${name} ${github.requests.length}` };
      return github.commitTo(repository, name, files, 'Change');
    },
    /** How many requests went to a path of the test's repository. */
    requestsTo: (method: string, path: string): number => {
      const { github, repository } = current();
      const whole = `/repos/${repository}${path}`;
      return github.requests.filter((request) => request.method === method && request.path === whole).length;
    },
  };
}

/** The failure that a promise rejects with; throws when it does not. */
export async function failureFrom(promise: Promise<unknown>): Promise<Failure> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof CodedError) return error.failure;
  throw new Error(`A CodedError was expected, not ${String(error)}.`, { cause: error });
}
