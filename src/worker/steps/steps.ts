// The eight effects of a task, by the names of the machine's services. Each looks at what is there before it acts, so it may be repeated.
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
import type { Runtime } from '../runtime.ts';
import { cloneStep } from './clone.ts';
import { fixStep } from './fix.ts';
import { generateStep } from './generate.ts';
import { publishStep } from './publish.ts';
import { reportStep } from './report.ts';
import { verifyStep } from './verify.ts';
import { waitStep } from './wait.ts';
import { writeTestsStep } from './write-tests.ts';

/** An effect; how long it took is added by the gate. */
export type Step<Input, Outcome> = (input: Input, signal: AbortSignal) => Promise<Omit<Outcome, 'durationMs'>>;

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

export function taskSteps(runtime: Runtime): TaskSteps {
  return {
    clone: cloneStep(runtime),
    generate: generateStep(runtime),
    writeTests: writeTestsStep(runtime),
    verify: verifyStep(runtime),
    fix: fixStep(runtime),
    publish: publishStep(runtime),
    report: reportStep(runtime),
    wait: waitStep(runtime),
  };
}

/** The task's working copies. */
export const workspaceKey = ({ id, repository, branch }: Task): WorkspaceKey => ({ taskId: id, repository, branch });
