// The workspace port over git. Each task has a store of ours (history, settings) and checkouts beside it in which agent and tests work.
import { gitCommandMaxMs } from '../../events/bounds.ts';
import type { Mask } from '../process/mask.ts';
import { bundleOf, restoreStore } from './bundle.ts';
import { layOut, requireStore } from './checkout.ts';
import { commitChanges } from './commit.ts';
import { tellingFullDisk } from './disk-full.ts';
import { tellingGone } from './folder-gone.ts';
import { removeTree, taskFolders } from './folders.ts';
import type { Identity } from './git-environment.ts';
import { gitOf } from './git.ts';
import { deleteBranch, pushBranch } from './remote-branch.ts';
import { cloneStore, withAnyStore } from './store.ts';
import type { Workspace, WorkspaceKey } from './workspace.ts';

export type GitWorkspaceOptions = {
  /** Folder below which each task gets one of its own. */
  root: string;
  /** `https://github.com`: a repository is found at `<serverUrl>/<owner>/<name>.git`. */
  serverUrl: string;
  /** Reaches git by environment only, and only in commands that talk to the server. */
  token: string;
  author: Identity;
  mask: Mask;
  /** Wall-clock limit of one git command in milliseconds. */
  commandMaxMs?: number;
};

/** Needs git 2.31 or later (settings by environment). Calls for one task come one after the other, save those for different checkouts. */
export function gitWorkspace(options: GitWorkspaceOptions): Workspace {
  const server = { url: options.serverUrl.replace(/\/+$/, ''), token: options.token };
  const git = gitOf({
    server,
    author: options.author,
    mask: options.mask,
    commandMaxMs: options.commandMaxMs ?? gitCommandMaxMs,
  });
  const foldersOf = (key: WorkspaceKey) => taskFolders(options.root, key.taskId);
  const remoteOf = (key: WorkspaceKey) => ({ url: `${server.url}/${key.repository}.git`, branch: key.branch });
  const telling = <Facts extends unknown[], Result>(call: (key: WorkspaceKey, ...facts: Facts) => Promise<Result>) =>
    tellingFullDisk((key: WorkspaceKey, ...facts: Facts) => tellingGone(call(key, ...facts)));

  return {
    clone: telling((key, signal) => cloneStore(git, foldersOf(key), remoteOf(key), signal)),
    checkout: telling((key, commit, signal) =>
      layOut(git, foldersOf(key), 'repository', { branch: key.branch, commit, keepIgnored: false }, signal),
    ),
    checkoutBeside: telling((key, name, commit, signal) =>
      layOut(git, foldersOf(key), name, { branch: key.branch, commit, keepIgnored: true }, signal),
    ),
    commit: telling((key, facts, signal) => commitChanges(git, foldersOf(key), facts, signal)),
    bundle: telling((key, facts, signal) => bundleOf(git, foldersOf(key), facts, signal)),
    restore: telling((key, facts, signal) => restoreStore(git, foldersOf(key), remoteOf(key).url, facts, signal)),
    push: telling(async (key, facts, signal) => {
      const folders = foldersOf(key);
      await requireStore(folders);
      await pushBranch(git, { ...remoteOf(key), store: folders.store }, facts, signal);
    }),
    deleteRemoteBranch: telling((key, commit, signal) =>
      withAnyStore(git, foldersOf(key), signal, (store) =>
        deleteBranch(git, { ...remoteOf(key), store }, commit, signal),
      ),
    ),
    dispose: (key) => removeTree(foldersOf(key).task),
  };
}
