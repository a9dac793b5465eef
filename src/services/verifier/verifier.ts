// The port to verification: run the repository's own build, lint and test commands on one commit and report what was observed.
import type { VerifyStep, VerifyStepKind } from '../../events/outcomes.ts';

export type VerifyRequest = {
  /** Absolute path of a clean checkout of the commit to verify, used for nothing else. */
  directory: string;
  /** Absolute path of a clean checkout of the base commit: the commands are read from here, so that a change cannot rewrite its own exam. */
  baseDirectory: string;
  /** Absolute path of an existing folder for the commands' logs, outside both checkouts. */
  logsDirectory: string;
  /** Prefix of the log files' names, for example `verify-2`. */
  logPrefix: string;
  /** Wall-clock limit in milliseconds for all commands together; one command has its own limit in bounds.ts. */
  timeLimitMs: number;
};

export type VerifyReport = {
  verdict: 'passed' | 'failed' | 'unverified';
  steps: VerifyStep[];
  /**
   * Those of build, lint and test that said nothing: not offered, or run without a single test (then its step stands in `steps`
   * all the same, with the exit status that the runner gives for it).
   */
  notOffered: VerifyStepKind[];
};

export type Verifier = {
  /**
   * Runs install → build → lint → test, each if the base commit offers it, and stops at the first that fails. A failing or hanging
   * command is a report (`failed`), not an error. `passed` means that at least one of build, lint and test ran and that none
   * failed. Throws `CW-VERIFY-TOOL-MISSING` when a needed program is not on this machine, and `CW-WORKSPACE-LOST` when a checkout is
   * gone. An abort kills the running command's process group and rejects with the signal's reason.
   */
  verify(request: VerifyRequest, signal: AbortSignal): Promise<VerifyReport>;
};
