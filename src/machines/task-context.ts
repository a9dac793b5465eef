// What a task knows while it runs: only what its journalled events told it.
import type { Failure } from '../events/failure.ts';
import type { ChangeOutcome, CloneOutcome, PublishOutcome, ReportOutcome, VerifyOutcome } from '../events/outcomes.ts';
import type { TaskLimits } from '../events/limits.ts';
import type { Task } from '../events/task.ts';

/** The states in which work is done, and which a transient failure comes back to. */
export const workingStates = [
  'cloning',
  'generating',
  'testing-pass',
  'verifying',
  'fixing',
  'publishing',
  'reporting',
] as const;
export type WorkingState = (typeof workingStates)[number];

/** A transient failure that is being waited out, or that ended the run as `released`. */
export type Setback = {
  step: WorkingState;
  failure: Failure;
  /** Epoch milliseconds before which the step is not repeated. */
  wakeAt: number;
};

/** What is done so far; a task that comes back after `released` goes on from here. */
export type Progress = {
  /** Milliseconds that the steps, failed ones too, and the waits took. */
  spentMs: number;
  /** Fix passes begun. */
  fixes: number;
  clone?: CloneOutcome;
  /** The latest commit of the agent's work. */
  change?: ChangeOutcome;
  /** The verification of the latest commit that was verified. */
  verification?: VerifyOutcome;
  /** Why the task cannot succeed; reported on the issue. */
  failure?: Failure;
  setback?: Setback | undefined;
};

export type TaskContext = Progress & {
  task: Task;
  limits: TaskLimits;
  /** Repetitions of the present step. */
  retries: number;
  publication?: PublishOutcome;
  report?: ReportOutcome;
  /** Who cancelled and why; `found` is where the task had ended already. */
  cancelled?: { by: string; reason: string; found?: string };
};

/** `progress` is given when a released task comes back; it begins at the step that was given up. */
export type TaskInput = { task: Task; limits: TaskLimits; progress?: Progress };

/** The part of a context that outlives a release. */
export function progressOf(context: TaskContext): Progress {
  const { spentMs, fixes, clone, change, verification, failure, setback } = context;
  return {
    spentMs,
    fixes,
    ...(clone && { clone }),
    ...(change && { change }),
    ...(verification && { verification }),
    ...(failure && { failure }),
    ...(setback && { setback }),
  };
}
