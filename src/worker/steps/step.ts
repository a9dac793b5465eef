// What a step of a task is: the effect behind one service of the machine. Each looks at what is there before it acts, so it may be repeated.
import type {
  ChangeOutcome,
  CloneOutcome,
  PublishOutcome,
  ReportOutcome,
  VerifyOutcome,
} from '../../events/outcomes.ts';
import type { Task } from '../../events/task.ts';
import type {
  FixInput,
  GenerateInput,
  PublishInput,
  ReportInput,
  StepInput,
  VerifyInput,
  WaitInput,
  WriteTestsInput,
} from '../../machines/task-actors.ts';
import type { WorkspaceKey } from '../../services/workspace/workspace.ts';

/** An effect; how long it took is added by the gate. */
export type Step<Input, Outcome> = (input: Input, signal: AbortSignal) => Promise<Untimed<Outcome>>;
/** Of each kind of outcome, where there are several. */
type Untimed<Outcome> = Outcome extends unknown ? Omit<Outcome, 'durationMs'> : never;

export type TaskSteps = {
  clone: Step<StepInput, CloneOutcome>;
  generate: Step<GenerateInput, ChangeOutcome>;
  writeTests: Step<WriteTestsInput, ChangeOutcome>;
  verify: Step<VerifyInput, VerifyOutcome>;
  fix: Step<FixInput, ChangeOutcome>;
  publish: Step<PublishInput, PublishOutcome>;
  report: Step<ReportInput, ReportOutcome>;
  wait: Step<WaitInput, { durationMs: number }>;
};

/** The task's working copies. */
export const workspaceKey = ({ id, repository, branch }: Task): WorkspaceKey => ({ taskId: id, repository, branch });
