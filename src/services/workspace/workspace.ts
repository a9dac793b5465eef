// The port to a task's working copies: clone, commit, push. Every call may be repeated after a crash and then finds its earlier work.
import type { CloneOutcome } from '../../events/outcomes.ts';

/** The trailer by which a commit of this worker is known. Whoever writes a commit's message ends it with `CodingWorker-Task: <task id>`. */
export const taskTrailer = 'CodingWorker-Task';

/** Names the working copies of one task. All its files lie below one folder of the worker's state. */
export type WorkspaceKey = {
  taskId: string;
  /** `owner/name`. */
  repository: string;
  /** Branch of the task. */
  branch: string;
};

export type Commit = { commit: string; changed: boolean; files: string[]; deleted: string[] };

export type Workspace = {
  /**
   * Clones the default branch at depth 1 and makes the task's branch from it, hooks off, no submodules. What an earlier, killed clone left is removed first.
   * Throws `CW-GIT-AUTH`, `CW-GIT-NOT-FOUND`, `CW-GIT-EMPTY-REPOSITORY`, `CW-GIT-NETWORK`, `CW-GIT-TIMEOUT`, `CW-GIT-BRANCH-TAKEN` (the
   * branch exists on the server and its tip is not a commit of this worker's, told by the trailer `CodingWorker-Task:`).
   */
  clone(key: WorkspaceKey, signal: AbortSignal): Promise<Omit<CloneOutcome, 'durationMs'>>;
  /**
   * Absolute path of the agent's working copy, reset to `commit`: nothing untracked is left. Its `.git` is a copy for tools to read, made anew each
   * time; what is written there is lost. Throws `CW-WORKSPACE-LOST`.
   */
  checkout(key: WorkspaceKey, commit: string, signal: AbortSignal): Promise<string>;
  /** Absolute path of another clean checkout of `commit`, of which there is one for each name. Ignored files of an earlier use stay (dependencies). */
  checkoutBeside(key: WorkspaceKey, name: 'verify' | 'base', commit: string, signal: AbortSignal): Promise<string>;
  /**
   * Commits all of the working copy's changes on top of `parent`, authored as configured; `changed` is false when there are none and
   * `commit` is then `parent`. `files` are all paths that differ from `base`, `deleted` those of them that are gone, both sorted. Directories of dependencies and build output
   * (node_modules, .venv, target, …) are never added. Throws `CW-AGENT-UNSAFE-CHANGE` for a symbolic link that leaves the tree, more than
   * `changedFilesMax` files, or a file named `.git`.
   */
  commit(
    key: WorkspaceKey,
    facts: { parent: string; base: string; message: string },
    signal: AbortSignal,
  ): Promise<Commit>;
  /** The commits after `base` up to `commit` as a git bundle, for `restore`. */
  bundle(key: WorkspaceKey, facts: { base: string; commit: string }, signal: AbortSignal): Promise<Buffer>;
  /**
   * Makes the task's working copies anew as if nothing had happened to them: `base` fetched from the server by its id at depth 1, and on it the
   * commits of `bundle` up to `commit`; without a bundle that is the base. Whatever is there is removed first. Throws `CW-WORKSPACE-LOST`
   * when the server has `base` no more, or when the bundle is damaged or does not lead from `base` to `commit`, and the codes of `clone`
   * but `CW-GIT-BRANCH-TAKEN`.
   */
  restore(
    key: WorkspaceKey,
    facts: { base: string; commit: string; bundle?: Buffer },
    signal: AbortSignal,
  ): Promise<void>;
  /**
   * Pushes `commit` to the task's branch if the server has `expected` there (null: no such branch). Already there is success.
   * Throws `CW-GIT-PUSH-REJECTED`, `CW-GIT-BRANCH-TAKEN` (somebody else moved it) and the codes of `clone`.
   */
  push(key: WorkspaceKey, facts: { commit: string; expected: string | null }, signal: AbortSignal): Promise<void>;
  /** Deletes the task's branch on the server if it is at `commit`; anything else there is left alone. Returns whether it deleted. Works without the working copies. */
  deleteRemoteBranch(key: WorkspaceKey, commit: string, signal: AbortSignal): Promise<boolean>;
  /** Removes all of the task's working copies. */
  dispose(key: WorkspaceKey): Promise<void>;
};

/*
 * Every method may also throw `CW-WORKSPACE-DISK`, and `CW-GIT-FAILED` for what git says and we do not know; all but `dispose`
 * throw `CW-WORKSPACE-LOST` when the task's folder disappears while they use it, and all but `clone`, `restore` and `deleteRemoteBranch` also
 * when it was gone before. An abort rejects with the signal's reason, and no process is left.
 */
