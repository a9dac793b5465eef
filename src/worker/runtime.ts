// What the worker works with: the ports, the settings that its steps read, and its place on disk. Filled in by compose.ts alone.
import type { Logger } from 'pino';
import type { InspectionEvent } from 'xstate';
import type { WorkerIdentity } from '../events/journal-record.ts';
import type { TaskSnapshot } from '../machines/fold.ts';
import type { TaskLimits } from '../events/limits.ts';
import type { Agent } from '../services/agent/agent.ts';
import type { Clock } from '../services/clock/clock.ts';
import type { Forge } from '../services/forge/forge.ts';
import type { Mask } from '../services/process/mask.ts';
import type { Queue } from '../services/queue/queue.ts';
import type { Verifier } from '../services/verifier/verifier.ts';
import type { Workspace } from '../services/workspace/workspace.ts';
import type { Sources } from './source-files.ts';
import type { StateDirectory } from './state-directory.ts';
import type { Locale } from './texts/phrases.ts';

export type WorkerSettings = {
  slots: number;
  /** For so many seconds a heartbeat keeps a task's message invisible. */
  leaseSeconds: number;
  /** Milliseconds between looks for the operator's requests. */
  requestPollMs: number;
  limits: TaskLimits;
  /** Milliseconds for one run of the agent. */
  agentRunMs: number;
  /** Milliseconds for all steps of a task together. */
  taskMs: number;
  /** Room for the prompt and its files, in tokens of the model. */
  contextTokens: number;
  /** Where the working copies are. */
  workspaceFolder: string;
  /** No work is taken while the disk of state or working copies has less than this free. */
  freeDiskMinBytes: number;
  locale: Locale;
  labels: { done: string; failed: string };
  isAllowed: (repository: string) => boolean;
};

/** Who watches: called after the fact, never waited for. */
export type Observer = {
  onTransition?: (taskId: string, snapshot: TaskSnapshot) => void;
  /** After the task's message was settled. */
  onEnded?: (taskId: string) => void;
  /** XState's inspection events, for the inspector. */
  inspect?: (event: InspectionEvent) => void;
};

export type Runtime = {
  worker: WorkerIdentity;
  settings: WorkerSettings;
  state: StateDirectory;
  queue: Queue;
  workspace: Workspace;
  sources: Sources;
  agent: Agent;
  verifier: Verifier;
  forge: Forge;
  clock: Clock;
  /** Hides the worker's secrets in a text. */
  mask: Mask;
  log: Logger;
  observer: Observer;
};
