// What a change may not contain: too many files, links that leave the tree, repositories inside the repository.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { changedFilesMax } from '../../events/bounds.ts';
import { coded, type CodedError } from '../../events/failure.ts';

/** One path that differs between two trees. */
export type ChangedFile = {
  path: string;
  /** Git's mode after the change; `000000` when the file is deleted. */
  mode: string;
  /** Object id after the change. */
  object: string;
};

const noFile = '000000';
const symbolicLink = '120000';
const embeddedRepository = '160000';

/** Reads `git diff-tree --raw -r -z --no-renames`: `:<mode> <mode> <id> <id> <letter>` and the path, each ended by NUL. */
export function parseChanges(raw: string): ChangedFile[] {
  const fields = raw.split('\0');
  const changes: ChangedFile[] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const [, mode = '', , object = ''] = (fields[index] ?? '').split(' ');
    changes.push({ path: fields[index + 1] ?? '', mode, object });
  }
  return changes;
}

export const isDeleted = ({ mode }: ChangedFile): boolean => mode === noFile;

/** Throws `CW-AGENT-UNSAFE-CHANGE`. `readObject` gives the content of a blob: a link's target. */
export async function refuseUnsafeChanges(
  changes: readonly ChangedFile[],
  readObject: (object: string) => Promise<string>,
): Promise<void> {
  if (changes.length > changedFilesMax) {
    throw unsafe(`The change touches ${changes.length} files; ${changedFilesMax} are allowed.`);
  }
  for (const change of changes) {
    if (change.mode === embeddedRepository) throw unsafe(`${change.path} is a git repository of its own.`);
    if (change.mode === symbolicLink && leavesTree(change.path, await readObject(change.object))) {
      throw unsafe(`${change.path} is a symbolic link that leaves the repository.`);
    }
  }
}

/**
 * Steps upwards are counted from where the link lies, and only at the target's beginning: behind a name, which may be a link itself,
 * nobody can tell where `..` leads.
 */
export function leavesTree(linkPath: string, target: string): boolean {
  if (target === '' || target.startsWith('/')) return true;
  const depth = linkPath.split('/').length - 1;
  const steps = target.split('/').filter((step) => step !== '' && step !== '.');
  const firstName = steps.findIndex((step) => step !== '..');
  const ups = firstName < 0 ? steps.length : firstName;
  const names = steps.slice(ups);
  return ups > depth || names.includes('..') || names.some(isGitName);
}

/** Throws `CW-AGENT-UNSAFE-CHANGE` for a file or folder named `.git` below the root, which git would skip without a word. */
export async function refuseGitFolders(directory: string, below = ''): Promise<void> {
  for (const entry of await readdir(path.join(directory, below), { withFileTypes: true })) {
    const relative = path.posix.join(below, entry.name);
    const ours = relative === '.git' || entry.name === 'node_modules';
    if (ours) continue;
    if (isGitName(entry.name)) throw unsafe(`${relative} would be a git repository of its own.`);
    if (entry.isDirectory()) await refuseGitFolders(directory, relative);
  }
}

const isGitName = (name: string): boolean => /^(\.git|git~1)$/i.test(name);

const unsafe = (message: string): CodedError => coded('CW-AGENT-UNSAFE-CHANGE', message);
