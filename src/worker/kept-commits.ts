// Keeps the agent's commits beside the journal, and brings them back when the working copies are gone: a recorded pass is not run again.
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { CodedError, coded, failureOf } from '../events/failure.ts';
import type { ChangeOutcome, CloneOutcome, FileReference } from '../events/outcomes.ts';
import type { Task } from '../events/task.ts';
import { writeWhole } from '../services/disk/write-file.ts';
import type { Runtime } from './runtime.ts';
import { workspaceKey, type Step } from './steps/step.ts';
import { referenceTo } from './task-files.ts';

type Commits = { base: string; commit: string };

/**
 * Writes the work so far into the pass's folder of records, on the medium before the pass is recorded. Undefined when that cannot be done: it
 * is a net below the working copies, and its lack is no reason to lose the pass.
 */
export async function keepCommits(
  { workspace, state, log }: Runtime,
  task: Task,
  folder: string,
  commits: Commits,
  signal: AbortSignal,
): Promise<FileReference | undefined> {
  const path = join(folder, 'commits.bundle');
  try {
    await writeWhole(state.disk, path, await workspace.bundle(workspaceKey(task), commits, signal));
    // The folders are new, and a name is safe only when its own folder has been written.
    for (const above of [dirname(folder), dirname(state.files(task.id))]) await state.disk.syncFolder(above);
    return await referenceTo(state, task.id, path);
  } catch (error) {
    signal.throwIfAborted();
    log.warn({ failure: failureOf(error) }, 'the commits could not be kept beside the journal');
    return undefined;
  }
}

/** What the journal has of the work; nothing before the clone. */
type WithWork = { task: Task; clone?: CloneOutcome; change?: ChangeOutcome };

/**
 * The one place where it is decided what becomes of a task whose working copies are gone: they are made anew from what the journal
 * recorded, and the step is done again. When that is not possible, the step fails with `CW-WORKSPACE-LOST`, which no repetition changes.
 */
export function restoring<Input extends WithWork, Outcome>(
  runtime: Runtime,
  step: Step<Input, Outcome>,
): Step<Input, Outcome> {
  return async (input, signal) => {
    try {
      return await step(input, signal);
    } catch (error) {
      if (!isLost(error)) throw error;
      runtime.log.warn({ failure: failureOf(error) }, 'the working copies are gone; they are made anew');
      await restore(runtime, input, signal);
      return step(input, signal);
    }
  };
}

async function restore(runtime: Runtime, { task, clone, change }: WithWork, signal: AbortSignal): Promise<void> {
  // The clone itself begins with nothing.
  if (clone === undefined) return;
  const base = clone.base.commit;
  const commit = change?.head ?? base;
  const bundle = commit === base ? undefined : await keptBundle(runtime, task, change?.bundle);
  await runtime.workspace.restore(workspaceKey(task), { base, commit, ...(bundle && { bundle }) }, signal);
}

/** Throws `CW-WORKSPACE-LOST` when there is none, or when it is not as it was written. */
async function keptBundle({ state }: Runtime, task: Task, reference: FileReference | undefined): Promise<Buffer> {
  if (reference === undefined) throw lost('The working copies of this task are gone, and no commits of it were kept.');
  const bytes = await state.disk.read(join(state.files(task.id), reference.name)).catch((cause: unknown) => {
    throw lost(`The working copies of this task are gone, and the kept commits cannot be read: ${String(cause)}`);
  });
  if (createHash('sha256').update(bytes).digest('hex') === reference.sha256) return bytes;
  throw lost('The working copies of this task are gone, and the kept commits are not as they were written.');
}

const isLost = (error: unknown): boolean => error instanceof CodedError && error.failure.code === 'CW-WORKSPACE-LOST';
const lost = (message: string): CodedError => coded('CW-WORKSPACE-LOST', message);
