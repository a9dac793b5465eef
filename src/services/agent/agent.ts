// The port to a coding agent: edit files in a working copy as a prompt says. The caller judges the result by the diff, never by this.
import type { AgentIdentity } from '../../events/outcomes.ts';

export type AgentRequest = {
  /** Absolute path of the working copy, which the agent may edit. It does not commit. */
  directory: string;
  /** Absolute path of an existing folder outside the working copy for prompt, transcript and histories of this run. */
  recordsDirectory: string;
  /** The whole prompt. It begins with text of ours, never with the issue's. */
  prompt: string;
  /** Paths relative to `directory` that the agent is given to edit; may be new files. */
  editFiles: readonly string[];
  /** Paths relative to `directory` that the agent is given to read. */
  readFiles: readonly string[];
  /** Wall-clock limit in milliseconds; then the whole process group is killed. */
  timeLimitMs: number;
};

export type AgentRun = {
  agent: AgentIdentity;
  /** Absolute path of the transcript (what the agent printed), inside `recordsDirectory`. */
  transcript: string;
};

export type Agent = {
  /** Name, version and model, when it can work with them now. Throws `CW-AGENT-NOT-INSTALLED`, `CW-MODEL-UNREACHABLE` or `CW-MODEL-NOT-PULLED`. */
  identify(signal: AbortSignal): Promise<AgentIdentity>;
  /**
   * Runs the agent once. Resolves when it ended by itself and said nothing known to be a failure; the diff tells whether it
   * did anything. Throws `CW-AGENT-NOT-INSTALLED`, `CW-AGENT-TIMEOUT`, `CW-AGENT-EDIT-FORMAT`, `CW-AGENT-TOKEN-LIMIT`,
   * `CW-AGENT-UNSAFE-CHANGE`, `CW-AGENT-FAILED`, `CW-MODEL-UNREACHABLE`, `CW-MODEL-NOT-PULLED`, `CW-MODEL-FAILED`, or `CW-WORKSPACE-LOST` when `directory` is gone; nothing is changed then. An abort kills the whole process group and rejects
   * with the signal's reason. A failure with evidence names the run's transcript in `log`, by its absolute path.
   */
  run(request: AgentRequest, signal: AbortSignal): Promise<AgentRun>;
};
