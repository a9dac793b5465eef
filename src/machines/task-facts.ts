// How the task machine reads its events and hands on what they recorded. A missing fact is a defect of the machine, and says so.
import type { Failure } from '../events/failure.ts';
import type { StepFailure } from '../events/journal-record.ts';
import type { StepInput, GenerateInput, FixInput, ReportInput, VerifyInput } from './task-actors.ts';
import type { TaskLimits } from '../events/limits.ts';
import type { TaskContext, WorkingState } from './task-context.ts';

/** The failure in an error event. The effect gate lets services reject with nothing else (`src/worker/gate.ts`). */
export function failureIn(event: { type: string }): StepFailure {
  if (!('error' in event)) throw new Error(`The event ${event.type} carries no failure.`);
  return event.error as StepFailure; // the gate's rejections and the journal's parsed records are both StepFailures
}

/** Epoch milliseconds at which a failed step is due again: the fixed wait, or the server's longer one up to the bound. */
export function wakeAt(failure: Failure, limits: TaskLimits): number {
  const asked = Math.min(failure.retryAfterMs ?? 0, limits.retryWaitMaxMs);
  return failure.at + Math.max(limits.retryWaitMs, asked);
}

/** What each step is given, and what its outcome leaves in the context. */
export const recorded = {
  step: ({ task, spentMs }: TaskContext): StepInput => ({ task, spentMs }),

  cloned: (context: TaskContext): GenerateInput => ({
    ...recorded.step(context),
    clone: known(context.clone, 'clone'),
  }),

  changed: (context: TaskContext): VerifyInput => ({
    ...recorded.cloned(context),
    change: known(context.change, 'change'),
    fixes: context.fixes,
  }),

  verified: (context: TaskContext): FixInput => ({
    ...recorded.changed(context),
    verification: known(context.verification, 'verification'),
  }),

  failed: (context: TaskContext): ReportInput => ({
    ...recorded.step(context),
    failure: known(context.failure, 'failure'),
    fixes: context.fixes,
    ...(context.clone && { clone: context.clone }),
    ...(context.change && { change: context.change }),
    ...(context.verification && { verification: context.verification }),
  }),

  /** A step succeeded: its fact is kept, its time counted, and earlier setbacks forgotten. */
  done: <Facts extends Partial<TaskContext>>(context: TaskContext, outcome: { durationMs: number }, facts: Facts) => ({
    ...facts,
    spentMs: context.spentMs + outcome.durationMs,
    retries: 0,
    setback: undefined,
  }),

  /** A step failed for now: its time counts, and it is due again at an instant. */
  setBack: (context: TaskContext, step: WorkingState, failure: StepFailure) => ({
    spentMs: context.spentMs + (failure.durationMs ?? 0),
    setback: { step, failure, wakeAt: wakeAt(failure, context.limits) },
  }),

  /** A step failed for good: its time counts, and the report to come begins with tries of its own. */
  failedForGood: (context: TaskContext, failure: StepFailure) => ({
    spentMs: context.spentMs + (failure.durationMs ?? 0),
    retries: 0,
    setback: undefined,
    failure,
  }),

  /** A wait is over: its time counts, the setback still names the step to repeat. */
  waited: (context: TaskContext, outcome: { durationMs: number }) => ({
    spentMs: context.spentMs + outcome.durationMs,
  }),
};

function known<Fact>(fact: Fact | undefined, name: string): Fact {
  if (fact === undefined) throw new Error(`The task machine reached a step without its ${name}.`);
  return fact;
}
