// What a played scenario came to: read from GitHub's and git's side as a stranger would see it, and from the journal.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { stateName } from '../../machines/fold.ts';
import { readJournal } from '../../services/journal/read-journal.ts';
import { run } from '../../services/process/run.ts';
import type { Play } from './play.ts';

const gitMaxMs = 10_000;

export type Outcome = {
  task: string;
  state: string;
  /** URL of the pull request. */
  pr: string | null;
  fixes: number;
  agent: { name: string; version: string } | null;
  /** Records in the journal. */
  events: number;
  seconds: number;
  journal: string;
  /** The task's branch, if it is on the server. */
  branch: string | null;
  /** URL of the comment on the issue. */
  comment: string | null;
};

/** Throws when the world does not agree with the machine: no pull request after `published`, or a branch after a failure. */
export async function outcomeOf(played: Play, signal: AbortSignal): Promise<Outcome> {
  const { snapshot, world, repository, issue, taskId, journal, seconds } = played;
  const { context } = snapshot;
  const { records } = readJournal(await readFile(journal), basename(journal));
  const pulls = await world.github.pulls(repository);
  const pull = pulls.find(({ headBranch, state }) => headBranch === context.task.branch && state === 'open');
  const comment = world.github.comments(repository, issue).at(0);
  const branches = await gitOf(played, ['for-each-ref', '--format=%(refname:short)', 'refs/heads'], signal);
  const branch = branches.split('\n').includes(context.task.branch) ? context.task.branch : null;
  const state = stateName(snapshot);
  if ((state === 'published') !== (pull !== undefined) || (state === 'published') !== (branch !== null)) {
    throw new Error(`The machine says ${state}, but GitHub has ${pulls.length} pull requests and git has ${branches}.`);
  }
  return {
    task: taskId,
    state,
    pr: pull?.url ?? null,
    fixes: context.fixes,
    agent: context.change ? { name: context.change.agent.name, version: context.change.agent.version } : null,
    events: records.length,
    seconds,
    journal,
    branch,
    comment: comment ? `${world.github.url}/${repository}/issues/${issue}#issuecomment-${comment.id}` : null,
  };
}

/** The change as git shows it. */
export function diffOf(played: Play, colour: boolean, signal: AbortSignal): Promise<string> {
  const { clone, task } = played.snapshot.context;
  const range = `${clone?.base.commit ?? 'HEAD'}...${task.branch}`;
  return gitOf(played, ['diff', `--color=${colour ? 'always' : 'never'}`, '--stat', '--patch', range, '--'], signal);
}

/** What git says in the server's own repository. */
async function gitOf({ world, repository }: Play, args: readonly string[], signal: AbortSignal): Promise<string> {
  const cwd = world.github.gitDirectory(repository);
  const result = await run({ program: 'git', args, cwd, timeLimitMs: gitMaxMs, mask: (text) => text }, signal);
  if (result.exitCode !== 0) throw new Error(`git ${args.join(' ')}: ${result.outputTail}`);
  return result.outputTail;
}
