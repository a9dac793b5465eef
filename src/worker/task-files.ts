// The files beside a task's journal: made when needed, referenced from the journal by name and digest.
import { createHash } from 'node:crypto';
import { join, relative } from 'node:path';
import type { FileReference } from '../events/outcomes.ts';
import type { StateDirectory } from './state-directory.ts';

/** The task's folder of files; exists afterwards. */
export async function filesFolder(state: StateDirectory, taskId: string): Promise<string> {
  const folder = state.files(taskId);
  await state.disk.makeFolder(folder);
  return folder;
}

/** An empty folder for one pass; what a killed earlier try of the same pass left there is removed. */
export async function freshFolder(state: StateDirectory, taskId: string, name: string): Promise<string> {
  const folder = join(await filesFolder(state, taskId), name);
  await state.disk.remove(folder);
  await state.disk.makeFolder(folder);
  return folder;
}

/** Reference to a file below the task's folder of files. */
export async function referenceTo(state: StateDirectory, taskId: string, path: string): Promise<FileReference> {
  const sha256 = createHash('sha256')
    .update(await state.disk.read(path))
    .digest('hex');
  return { name: relative(state.files(taskId), path), sha256 };
}
