// Makes a task's store: the tip of the default branch fetched at depth 1 into a bare repository, built beside its place and renamed when complete.
import { mkdir, mkdtemp, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CloneOutcome } from '../../events/outcomes.ts';
import { coded } from '../../events/failure.ts';
import { excludesFor } from './excludes.ts';
import { hasStore, removeTree, type TaskFolders } from './folders.ts';
import type { Git } from './git.ts';
import { branchTaken, remoteState, type RemoteBranch, type RemoteState } from './remote-branch.ts';
import { taskTrailer } from './workspace.ts';

export const baseRef = 'refs/codingworker/base';
const taskRef = 'refs/codingworker/task';

/** Starts from nothing every time, so that a killed clone leaves no trace. The codes are those of the port's `clone`. */
export async function cloneStore(
  git: Git,
  folders: TaskFolders,
  remote: Omit<RemoteBranch, 'store'>,
  signal: AbortSignal,
): Promise<Omit<CloneOutcome, 'durationMs'>> {
  await removeTree(folders.task);
  const store = await emptyStore(git, folders, signal);
  try {
    const state = await remoteState(git, { ...remote, store }, signal);
    if (state.head === undefined) {
      throw coded('CW-GIT-EMPTY-REPOSITORY', `${remote.url} has no commit on its default branch.`);
    }
    const { base, remoteHead } = await fetchTips(git, store, remote, state, signal);
    await excludeBuildFiles(git, store, signal);
    await rename(store, folders.store);
    return { base: { branch: state.head.branch, commit: base }, remoteHead };
  } catch (error) {
    await removeTree(store);
    throw error;
  }
}

/** A new bare repository in a temporary folder of the task. */
export async function emptyStore(git: Git, folders: TaskFolders, signal: AbortSignal): Promise<string> {
  await mkdir(folders.task, { recursive: true, mode: 0o700 });
  const store = await mkdtemp(path.join(folders.task, 'incomplete-'));
  await git.run({ args: ['init', '--bare', '--template='], store }, signal);
  return store;
}

/** Gives `use` the task's store or, when that is gone, an empty one for the time being: looking at the server and deleting there need no history. */
export async function withAnyStore<Result>(
  git: Git,
  folders: TaskFolders,
  signal: AbortSignal,
  use: (store: string) => Promise<Result>,
): Promise<Result> {
  if (await hasStore(folders)) return use(folders.store);
  const store = await emptyStore(git, folders, signal);
  try {
    return await use(store);
  } finally {
    await removeTree(store);
  }
}

/** The branches may move between looking and fetching: what was fetched counts. */
async function fetchTips(
  git: Git,
  store: string,
  remote: Omit<RemoteBranch, 'store'>,
  state: RemoteState,
  signal: AbortSignal,
): Promise<{ base: string; remoteHead: string | null }> {
  const taken = state.branch !== null;
  const refspecs = [
    `+refs/heads/${state.head?.branch ?? ''}:${baseRef}`,
    ...(taken ? [`+refs/heads/${remote.branch}:${taskRef}`] : []),
  ];
  const fetch = ['fetch', '--depth=1', '--no-tags', '--', remote.url, ...refspecs];
  await git.run({ args: fetch, store, server: true }, signal);

  const format = `--format=%H%x00%(trailers:key=${taskTrailer},valueonly)%x00`;
  const show = ['log', '--no-walk=unsorted', format, baseRef, ...(taken ? [taskRef] : []), '--'];
  const [base = '', , remoteHead, task] = (await git.run({ args: show, store }, signal))
    .split('\0')
    .map((field) => field.trim());
  if (!taken) return { base, remoteHead: null };
  if (remoteHead === undefined || task === undefined || task === '') throw branchTaken(remote.branch);
  return { base, remoteHead };
}

export async function excludeBuildFiles(git: Git, store: string, signal: AbortSignal): Promise<void> {
  const tracked = await git.run({ args: ['ls-tree', '-r', '-z', '--name-only', baseRef], store }, signal);
  await mkdir(path.join(store, 'info'), { recursive: true });
  await writeFile(path.join(store, 'info', 'exclude'), excludesFor(tracked.split('\0')));
}
