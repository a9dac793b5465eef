// Commits what the agent left in its working copy, by git's plumbing: no hook runs, and nothing but the tree, its parent and our message goes in.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { gitFailure } from './git-failures.ts';
import { isDeleted, parseChanges, refuseGitFolders, refuseUnsafeChanges } from './change-limits.ts';
import { requireCheckout } from './checkout.ts';
import type { TaskFolders } from './folders.ts';
import type { Checkout, Git } from './git.ts';
import type { Commit } from './workspace.ts';

export type CommitFacts = { parent: string; base: string; message: string };

/** Throws `CW-AGENT-UNSAFE-CHANGE`; see the port. */
export async function commitChanges(
  git: Git,
  folders: TaskFolders,
  facts: CommitFacts,
  signal: AbortSignal,
): Promise<Commit> {
  const checkout = await requireCheckout(folders, 'repository');
  const { store } = folders;
  await refuseGitFolders(checkout.directory);
  const tree = await treeOf(git, store, checkout, signal);

  const diff = ['diff-tree', '-r', '-z', '--raw', '--no-renames', '--no-abbrev', facts.base, tree, '--'];
  const parse = ['rev-parse', '--verify', `${facts.parent}^{tree}`];
  const [raw, parentTree] = await Promise.all([
    git.run({ args: diff, store }, signal),
    git.run({ args: parse, store }, signal),
  ]);
  const changes = parseChanges(raw);
  await refuseUnsafeChanges(changes, (object) => git.run({ args: ['cat-file', 'blob', object], store }, signal));
  const files = changes.map(({ path: file }) => file).toSorted();
  const deleted = changes
    .filter(isDeleted)
    .map(({ path: file }) => file)
    .toSorted();

  if (parentTree.trim() === tree) return { commit: facts.parent, changed: false, files, deleted };
  const create = ['commit-tree', tree, '-p', facts.parent, '-F', '-'];
  const commit = await git.run({ args: create, store, input: `${facts.message.trimEnd()}\n` }, signal);
  return { commit: commit.trim(), changed: true, files, deleted };
}

/** The tree of the working copy's files, ignored new ones left out. */
async function treeOf(git: Git, store: string, checkout: Checkout, signal: AbortSignal): Promise<string> {
  // Nobody else uses this index: a lock was left by a git that was killed.
  await rm(path.join(checkout.gitDirectory, 'index.lock'), { force: true });
  const args = ['add', '--all', '--verbose', '--', '.'];
  const added = await git.attempt({ args, store, checkout }, signal);
  // Git refuses a path that would be a `.git` on some file system.
  const refused = /^error: invalid path '/m.test(added.stderr);
  if (added.exitCode !== 0) throw gitFailure(args, added, git.mask, refused ? 'CW-AGENT-UNSAFE-CHANGE' : undefined);
  return (await git.run({ args: ['write-tree'], store, checkout }, signal)).trim();
}
