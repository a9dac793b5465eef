// Where a task's files lie. The store holds history and settings, and neither agent nor tests work in it; the checkouts are theirs to change.
import { chmod, lstat, mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/** `repository` is the agent's working copy; the others are checkouts beside it. */
export type CheckoutName = 'repository' | 'verify' | 'base';

export type TaskFolders = {
  /** Everything of the task. */
  task: string;
  /** Bare repository with what was fetched and committed. Its settings are ours alone. */
  store: string;
};

/** Throws a plain error for an id that is not one folder's name; ids are made by us. */
export function taskFolders(root: string, taskId: string): TaskFolders {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(taskId)) throw new Error(`The task id ${taskId} is not a folder's name.`);
  const task = path.join(path.resolve(root), taskId);
  return { task, store: path.join(task, 'store') };
}

/** A store is renamed to its place when it is complete: one that is there is whole. */
export const hasStore = async (folders: TaskFolders): Promise<boolean> =>
  (await stat(path.join(folders.store, 'HEAD')).catch(ignoreMissing)) !== undefined;

/** Makes `directory` unless it is there; true when it was made. Anything else in its place, a link above all, is removed: what we clean must be ours. */
export async function ownDirectory(directory: string): Promise<boolean> {
  const found = await lstat(directory).catch(ignoreMissing);
  if (found !== undefined && !found.isDirectory()) await rm(directory, { force: true });
  return (await mkdir(directory, { recursive: true })) !== undefined;
}

/** Removes a folder with all it holds, read-only folders included (Go's module cache is one). A missing one is no error. */
export async function removeTree(directory: string): Promise<void> {
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true, maxRetries: 3 });
  try {
    await remove();
  } catch (error) {
    if (!isPermission(error)) throw error;
    await makeWritable(directory);
    await remove();
  }
}

/** Entries may vanish meanwhile: after an error Node's `rm` is still at work on the rest. */
async function makeWritable(directory: string): Promise<void> {
  await chmod(directory, 0o700).catch(ignoreMissing);
  const entries = await readdir(directory, { withFileTypes: true }).catch(ignoreMissing);
  for (const entry of entries ?? []) {
    if (entry.isDirectory()) await makeWritable(path.join(directory, entry.name));
  }
}

/** For `.catch`: a missing file is `undefined`, any other error stays one. */
export function ignoreMissing(error: unknown): undefined {
  if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
  throw error;
}

const isPermission = (error: unknown): boolean => hasCode(error, 'EACCES', 'EPERM', 'ENOTEMPTY');

/** True for an error of Node's file functions with one of these codes. */
export const hasCode = (error: unknown, ...codes: string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code));
