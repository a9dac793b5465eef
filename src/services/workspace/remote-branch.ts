// What the server has, and the changes we make there: the task's one branch is pushed or deleted with an expected old value, and looked at when that was refused.
import { coded, type CodedError } from '../../events/failure.ts';
import type { GitResult } from './git-command.ts';
import { gitFailure } from './git-failures.ts';
import type { Git } from './git.ts';

/** One branch of one repository, and the store whose objects are pushed. */
export type RemoteBranch = {
  url: string;
  branch: string;
  store: string;
};

export type RemoteState = {
  /** The default branch, whatever its name; undefined when the repository is empty or its HEAD points to no commit. */
  head: { branch: string; commit: string } | undefined;
  /** Commit of the task's branch; null when the server has no such branch. */
  branch: string | null;
};

const refOf = (remote: RemoteBranch): string => `refs/heads/${remote.branch}`;

export async function remoteState(git: Git, remote: RemoteBranch, signal: AbortSignal): Promise<RemoteState> {
  const args = ['ls-remote', '--symref', '--', remote.url, 'HEAD', refOf(remote)];
  const text = await git.run({ args, store: remote.store, server: true }, signal);
  const commitOf = new Map([...text.matchAll(/^([0-9a-f]{40,64})\t(.+)$/gm)].map(([, id, name]) => [name, id]));
  const commit = commitOf.get('HEAD');
  const branch = /^ref: refs\/heads\/(.+)\tHEAD$/m.exec(text)?.[1];
  return {
    head: commit === undefined || branch === undefined ? undefined : { branch, commit },
    branch: commitOf.get(refOf(remote)) ?? null,
  };
}

/** Throws `CW-GIT-BRANCH-TAKEN` when the branch is neither at `expected` nor at `commit`, and `CW-GIT-PUSH-REJECTED` when the server refuses. */
export async function pushBranch(
  git: Git,
  remote: RemoteBranch,
  facts: { commit: string; expected: string | null },
  signal: AbortSignal,
): Promise<void> {
  // A branch that is at `commit` already is up to date for git, whatever value was expected.
  const args = pushArguments(remote, facts.expected, facts.commit);
  const result = await git.attempt({ args, store: remote.store, server: true }, signal);
  if (result.exitCode === 0) return;
  const failure = pushFailure(git, args, result);
  const after = await branchNow(git, remote, failure, signal);
  if (after === facts.commit) return;
  throw after === facts.expected ? failure : branchTaken(remote.branch);
}

/** True when the branch was at `commit` and is gone now; anything else there is left alone. */
export async function deleteBranch(
  git: Git,
  remote: RemoteBranch,
  commit: string,
  signal: AbortSignal,
): Promise<boolean> {
  if ((await remoteState(git, remote, signal)).branch !== commit) return false;

  const args = pushArguments(remote, commit, '');
  const result = await git.attempt({ args, store: remote.store, server: true }, signal);
  if (result.exitCode === 0) return true;
  const failure = pushFailure(git, args, result);
  const after = await branchNow(git, remote, failure, signal);
  if (after === commit) throw failure;
  return after === null;
}

/** An empty expected value means: there must be no such branch. */
const pushArguments = (remote: RemoteBranch, expected: string | null, commit: string): string[] => [
  'push',
  '--porcelain',
  `--force-with-lease=${refOf(remote)}:${expected ?? ''}`,
  '--',
  remote.url,
  `${commit}:${refOf(remote)}`,
];

/** Where the branch is after a push that failed: the answer may have been lost, not the push. If that cannot be seen, the push's failure stands. */
async function branchNow(
  git: Git,
  remote: RemoteBranch,
  failure: CodedError,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    return (await remoteState(git, remote, signal)).branch;
  } catch {
    signal.throwIfAborted();
    throw failure;
  }
}

function pushFailure(git: Git, args: readonly string[], result: GitResult): CodedError {
  // The porcelain format of a ref that was refused; GitHub's own failures come the same way.
  const reason = /\t\[(?:remote )?rejected\] \((.*)\)/.exec(result.stdout)?.[1];
  if (reason === undefined) return gitFailure(args, result, git.mask);
  const code = /internal (server )?error/i.test(reason) ? 'CW-GIT-NETWORK' : 'CW-GIT-PUSH-REJECTED';
  return gitFailure(args, result, git.mask, code);
}

export const branchTaken = (branch: string): CodedError =>
  coded('CW-GIT-BRANCH-TAKEN', `The branch ${branch} on the server holds work that is not this task's.`);
