// One pass of the agent: prompt in, commit out. The commit is ours, so that what is verified is what is pushed.
import { join, relative } from 'node:path';
import { CodedError } from '../events/failure.ts';
import type { ChangeOutcome, FileReference } from '../events/outcomes.ts';
import type { Task } from '../events/task.ts';
import type { ChosenFiles } from './choose-files.ts';
import { keepCommits } from './kept-commits.ts';
import type { Runtime } from './runtime.ts';
import { workspaceKey } from './steps/step.ts';
import { freshFolder, referenceTo } from './task-files.ts';
import { inert } from './texts/quote.ts';

export type Pass = {
  task: Task;
  /** Names the pass's folder of records: `generate`, `tests`, `fix-1` … */
  name: string;
  prompt: string;
  files: ChosenFiles;
  /** The working copy, checked out at `parent` and clean. */
  directory: string;
  parent: string;
  /** The kept commits up to `parent`, if there are any. */
  bundle?: FileReference | undefined;
  /** Commit that the whole change is measured against. */
  base: string;
  /** First half of the commit's subject; the title follows. */
  subject: string;
};

type Change = Omit<ChangeOutcome, 'durationMs'>;

/** Runs the agent on the working copy and commits what it changed. */
export async function agentPass(runtime: Runtime, pass: Pass, signal: AbortSignal): Promise<Change> {
  const { agent, workspace, state, settings } = runtime;
  const key = workspaceKey(pass.task);
  const recordsDirectory = await freshFolder(state, pass.task.id, pass.name);
  const request = {
    directory: pass.directory,
    recordsDirectory,
    prompt: pass.prompt,
    editFiles: pass.files.edit,
    readFiles: pass.files.read,
    timeLimitMs: settings.agentRunMs,
  };
  const run = await agent.run(request, signal).catch((error: unknown) => {
    throw withLogBesideJournal(error, state.files(pass.task.id));
  });
  const facts = { parent: pass.parent, base: pass.base, message: commitMessage(pass) };
  const { commit, changed, files, deleted } = await workspace.commit(key, facts, signal);
  const transcript = await referenceTo(state, pass.task.id, run.transcript);
  const bundle = changed
    ? await keepCommits(runtime, pass.task, recordsDirectory, { base: pass.base, commit }, signal)
    : pass.bundle;
  return { head: commit, changed, files, ...named(deleted), agent: run.agent, transcript, ...kept(bundle) };
}

/**
 * A pass that may end without edits: a model that could not keep to the edit format, or said too much, has used up its try, and the
 * work goes on from the commit that was there. The outcome says so and names this pass's own transcript.
 */
export async function passThatMayGiveUp(
  runtime: Runtime,
  before: ChangeOutcome,
  pass: Pass,
  signal: AbortSignal,
): Promise<Change> {
  try {
    return await agentPass(runtime, pass, signal);
  } catch (error) {
    const failure = error instanceof CodedError ? error.failure : undefined;
    if (failure?.code !== 'CW-AGENT-EDIT-FORMAT' && failure?.code !== 'CW-AGENT-TOKEN-LIMIT') throw error;
    const { head, files, deleted = [], agent, bundle } = before;
    const log = failure.evidence?.log;
    const transcript =
      log === undefined
        ? before.transcript
        : await referenceTo(runtime.state, pass.task.id, join(runtime.state.files(pass.task.id), log));
    return { head, changed: false, files, ...named(deleted), agent, transcript, ...kept(bundle), gaveUp: failure };
  }
}

const kept = (bundle: FileReference | undefined): Pick<Change, 'bundle'> => (bundle ? { bundle } : {});
const named = (deleted: string[]): Pick<Change, 'deleted'> => (deleted.length > 0 ? { deleted } : {});

/** The journal names files beside it by relative names: the state directory may be moved. */
function withLogBesideJournal(error: unknown, files: string): unknown {
  if (!(error instanceof CodedError) || error.failure.evidence?.log === undefined) return error;
  const { evidence } = error.failure;
  const log = relative(files, error.failure.evidence.log);
  return new CodedError({ ...error.failure, evidence: { ...evidence, log } }, { cause: error.cause });
}

/** The trailer tells our branches from a person's (`Workspace.clone`). */
function commitMessage({ task, subject }: Pass): string {
  return `${subject}: ${inert(task.title)}\n\nCodingWorker-Task: ${task.id}\n`;
}
