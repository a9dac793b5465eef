// A task's commits as one file, and its store made anew from that file and the server's base commit.
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CodedError, coded } from '../../events/failure.ts';
import { requireCommit, requireStore } from './checkout.ts';
import { removeTree, type TaskFolders } from './folders.ts';
import type { Git } from './git.ts';
import { gitFailure } from './git-failures.ts';
import { baseRef, emptyStore, excludeBuildFiles } from './store.ts';

/** A bundle holds refs, so the commits need one. */
const workRef = 'refs/codingworker/work';

export type RestoreFacts = { base: string; commit: string; bundle?: Buffer };

/** The commits after `base` up to `commit`. */
export async function bundleOf(
  git: Git,
  folders: TaskFolders,
  { base, commit }: { base: string; commit: string },
  signal: AbortSignal,
): Promise<Buffer> {
  await requireStore(folders);
  const { store } = folders;
  const file = path.join(folders.task, 'commits.bundle');
  await git.run({ args: ['update-ref', workRef, commit], store }, signal);
  await git.run({ args: ['bundle', 'create', '--quiet', file, workRef, `^${base}`], store }, signal);
  try {
    return await readFile(file);
  } finally {
    await rm(file, { force: true });
  }
}

/** Starts from nothing every time, beside the store's place, so that a killed try leaves no trace. The codes are those of the port's `restore`. */
export async function restoreStore(
  git: Git,
  folders: TaskFolders,
  url: string,
  facts: RestoreFacts,
  signal: AbortSignal,
): Promise<void> {
  await removeTree(folders.task);
  const store = await emptyStore(git, folders, signal);
  try {
    await fetchBase(git, store, url, facts.base, signal);
    if (facts.bundle) await unpack(git, store, facts.bundle, signal);
    await requireWhole(git, store, facts, signal);
    await excludeBuildFiles(git, store, signal);
    await rename(store, folders.store);
  } catch (error) {
    await removeTree(store);
    throw error;
  }
}

/** The default branch may have moved on since; a server like GitHub gives any commit that a branch reaches by its id. */
async function fetchBase(git: Git, store: string, url: string, base: string, signal: AbortSignal): Promise<void> {
  const args = ['fetch', '--depth=1', '--no-tags', '--', url, `+${base}:${baseRef}`];
  const result = await git.attempt({ args, store, server: true }, signal);
  // The server's own words (upload-pack.c); beside them git only says that the connection ended.
  if (/upload-pack: not our ref/.test(result.stderr)) throw lost(`The server has the commit ${base} no more.`);
  if (result.exitCode !== 0) throw gitFailure(args, result, git.mask);
}

/** Takes the objects only: what refs the file claims to have is nobody's concern. */
async function unpack(git: Git, store: string, bundle: Buffer, signal: AbortSignal): Promise<void> {
  const file = path.join(store, 'commits.bundle');
  await writeFile(file, bundle);
  try {
    await git.run({ args: ['bundle', 'unbundle', file], store }, signal);
  } catch (error) {
    signal.throwIfAborted();
    // No network is in this: what git takes for a broken connection is the end of the file.
    if (!(error instanceof CodedError) || error.failure.code === 'CW-WORKSPACE-DISK') throw error;
    throw lost('The kept commits of this task cannot be read.', error);
  } finally {
    await rm(file, { force: true });
  }
}

/** Ids name content, so that a commit which is there with all that it needs is the one that was kept. */
async function requireWhole(git: Git, store: string, facts: RestoreFacts, signal: AbortSignal): Promise<void> {
  const { base, commit } = facts;
  await requireCommit(git, store, commit, signal);
  const whole = await git.attempt({ args: ['rev-list', '--objects', '--quiet', commit, '--'], store }, signal);
  const grows = await git.attempt({ args: ['merge-base', '--is-ancestor', base, commit], store }, signal);
  if (whole.exitCode !== 0 || grows.exitCode !== 0) throw lost(`The commit ${commit} is not whole in what was kept.`);
}

const lost = (message: string, cause?: unknown): CodedError => coded('CW-WORKSPACE-LOST', message, { cause });
