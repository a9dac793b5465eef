// Lays out a commit's files in a checkout: reset and cleaned by git, and built anew when that does not work.
import { lstat, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CodedError, coded } from '../../events/failure.ts';
import { hasStore, ignoreMissing, ownDirectory, removeTree, type CheckoutName, type TaskFolders } from './folders.ts';
import type { Checkout, Git } from './git.ts';
import { renewGitFolder } from './own-git-folder.ts';

export type CheckoutFacts = {
  branch: string;
  commit: string;
  /** Ignored files stay: dependencies that were installed for an earlier commit. */
  keepIgnored: boolean;
};

const checkoutOf = (folders: TaskFolders, name: CheckoutName): Checkout => ({
  directory: path.join(folders.task, name),
  gitDirectory: path.join(folders.store, 'checkouts', name),
});

/** Absolute path of the files. Throws `CW-WORKSPACE-LOST` when the store or the commit is gone. */
export async function layOut(
  git: Git,
  folders: TaskFolders,
  name: CheckoutName,
  facts: CheckoutFacts,
  signal: AbortSignal,
): Promise<string> {
  await requireStore(folders);
  const checkout = checkoutOf(folders, name);
  try {
    await resetAndClean(git, folders.store, checkout, facts, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof CodedError)) throw error;
    await requireCommit(git, folders.store, facts.commit, signal);
    // A torn index, or a folder that tests made unreadable: both are only copies of what the store has.
    await removeTree(checkout.directory);
    await removeTree(checkout.gitDirectory);
    await resetAndClean(git, folders.store, checkout, facts, signal);
  }
  await renewGitFolder(folders.store, checkout, facts);
  return checkout.directory;
}

/** Throws `CW-WORKSPACE-LOST` when there is no store. */
export async function requireStore(folders: TaskFolders): Promise<void> {
  if (!(await hasStore(folders))) throw lost('The working copies of this task are gone.');
}

/** Throws `CW-WORKSPACE-LOST` when the store is gone, or the checkout's files. */
export async function requireCheckout(folders: TaskFolders, name: CheckoutName): Promise<Checkout> {
  await requireStore(folders);
  const checkout = checkoutOf(folders, name);
  const found = await lstat(checkout.directory).catch(ignoreMissing);
  if (found?.isDirectory() !== true) throw lost('The working copy of this task is gone.');
  return checkout;
}

/** Throws `CW-WORKSPACE-LOST` when the store does not have the commit. */
export async function requireCommit(git: Git, store: string, commit: string, signal: AbortSignal): Promise<void> {
  const args = ['cat-file', '-e', `${commit}^{commit}`];
  const result = await git.attempt({ args, store }, signal);
  if (result.exitCode !== 0) throw lost(`The commit ${commit} is not in this task's working copies.`);
}

const lost = (message: string): CodedError => coded('CW-WORKSPACE-LOST', message);

async function resetAndClean(
  git: Git,
  store: string,
  checkout: Checkout,
  facts: CheckoutFacts,
  signal: AbortSignal,
): Promise<void> {
  const isNew = await ownDirectory(checkout.directory);
  await mkdir(checkout.gitDirectory, { recursive: true });
  // Nobody else uses this index: a lock was left by a git that was killed.
  await rm(path.join(checkout.gitDirectory, 'index.lock'), { force: true });
  await rm(path.join(checkout.gitDirectory, 'HEAD.lock'), { force: true });
  await writeFile(path.join(checkout.gitDirectory, 'HEAD'), `${facts.commit}\n`);
  await git.run({ args: ['reset', '--hard', facts.commit, '--'], store, checkout }, signal);
  if (!isNew) await git.run({ args: ['clean', facts.keepIgnored ? '-ffd' : '-ffdx'], store, checkout }, signal);
}
