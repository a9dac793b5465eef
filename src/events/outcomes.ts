// What each step of a task brings back. These values are journalled as they are and are all that the machine knows of the world.
import type { Failure } from './failure.ts';

/** Every outcome says how long its step took; the machine counts it against the task's limit. */
type Timed = { durationMs: number };

/** A file beside the journal: name relative to the task's folder of files, and digest of its content. */
export type FileReference = { name: string; sha256: string };

/** The commit that the work starts from. */
export type CloneOutcome = Timed & {
  base: {
    /** Branch that the pull request goes to. */
    branch: string;
    /** Full object id. */
    commit: string;
  };
  /** What the task's branch was on the server; null when it did not exist. The push expects this value. */
  remoteHead: string | null;
};

/** One run of the agent and the commit we made of its edits. */
export type ChangeOutcome = Timed & {
  /** Commit that holds the work so far; equals the step's starting commit when nothing changed. */
  head: string;
  changed: boolean;
  /** Paths changed against the base, sorted. */
  files: string[];
  /** Those of `files` that are gone after the change; left out when there are none, and in older journals. */
  deleted?: string[];
  agent: AgentIdentity;
  /** The work so far as a git bundle on the base, for when the working copies are gone; missing when it could not be written, or has no commit. */
  bundle?: FileReference;
  /** What the agent printed in this pass. */
  transcript: FileReference;
  /** Why a pass that may end without edits did: the model did not keep to the edit format, or said too much. */
  gaveUp?: Failure;
};

export type AgentIdentity = { name: string; version: string; model: string };

export type VerifyStepKind = 'install' | 'build' | 'lint' | 'test';

/** One command as it was observed. */
export type VerifyStep = Timed & {
  kind: VerifyStepKind;
  /** As a person would type it. */
  command: string;
  /** Null when a signal or our time limit ended it. */
  exitCode: number | null;
  timedOut: boolean;
  /** It ran and found nothing to do, not one test for example: whatever its exit status is, it proves nothing. */
  idle?: true;
  /** Bounded, secrets masked. */
  outputTail: string;
  log: FileReference;
};

/**
 * What the repository's own commands said about one commit. They run in order and stop at the first failure.
 * `unverified` means that there was nothing to run: it is never counted as passed.
 */
export type VerifyOutcome = Timed & {
  verdict: 'passed' | 'failed' | 'unverified';
  commit: string;
  /** Epoch milliseconds at which the last command ended. */
  at: number;
  steps: VerifyStep[];
  /** Kinds that the repository does not offer, so that the pull request can say what was not checked. */
  notOffered: VerifyStepKind[];
};

export type PublishOutcome = Timed & {
  pullRequest: { number: number; url: string };
  commit: string;
};

/** Where the explanation stands, or why it can stand nowhere: the issue or its repository is gone. */
export type ReportOutcome = Timed & ({ comment: { id: number; url: string } } | { undeliverable: Failure });

export type WaitOutcome = Timed;
