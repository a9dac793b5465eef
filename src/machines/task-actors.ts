// The services that the task machine invokes, by their types alone: the worker provides them, replay never runs them.
import { fromPromise } from 'xstate';
import type { Failure } from '../events/failure.ts';
import type {
  ChangeOutcome,
  CloneOutcome,
  PublishOutcome,
  ReportOutcome,
  VerifyOutcome,
  WaitOutcome,
} from '../events/outcomes.ts';
import type { Task } from '../events/task.ts';

/** What every working step gets; `spentMs` is what the task's time limit is measured against. */
export type StepInput = { task: Task; spentMs: number };
export type GenerateInput = StepInput & { clone: CloneOutcome };
export type WriteTestsInput = StepInput & { clone: CloneOutcome; change: ChangeOutcome };
export type VerifyInput = WriteTestsInput & { fixes: number };
export type FixInput = VerifyInput & { verification: VerifyOutcome };
export type PublishInput = FixInput;
export type ReportInput = StepInput & {
  failure: Failure;
  fixes: number;
  clone?: CloneOutcome;
  change?: ChangeOutcome;
  verification?: VerifyOutcome;
};
export type WaitInput = { until: number };

/** A service that is provided later; started without that, it says so. */
const provided = <Output, Input>() =>
  fromPromise<Output, Input>(() => Promise.reject(new Error('This service was not provided to the machine.')));

export const taskActors = {
  clone: provided<CloneOutcome, StepInput>(),
  generate: provided<ChangeOutcome, GenerateInput>(),
  writeTests: provided<ChangeOutcome, WriteTestsInput>(),
  verify: provided<VerifyOutcome, VerifyInput>(),
  fix: provided<ChangeOutcome, FixInput>(),
  publish: provided<PublishOutcome, PublishInput>(),
  report: provided<ReportOutcome, ReportInput>(),
  wait: provided<WaitOutcome, WaitInput>(),
};

export type TaskActors = typeof taskActors;
export type TaskActorName = keyof TaskActors;
