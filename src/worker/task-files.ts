// The files beside a task's journal: made when needed, referenced from the journal by name and digest.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { FileReference } from '../events/outcomes.ts';
import type { StateDirectory } from './state-directory.ts';

/** The task's folder of files; exists afterwards. */
export async function filesFolder(state: StateDirectory, taskId: string): Promise<string> {
  const folder = state.files(taskId);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** An empty folder for one pass; what a killed earlier try of the same pass left there is removed. */
export async function freshFolder(state: StateDirectory, taskId: string, name: string): Promise<string> {
  const folder = join(await filesFolder(state, taskId), name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o700 });
  return folder;
}

/** Reference to a file below the task's folder of files. */
export async function referenceTo(state: StateDirectory, taskId: string, path: string): Promise<FileReference> {
  const sha256 = createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
  return { name: relative(state.files(taskId), path), sha256 };
}
