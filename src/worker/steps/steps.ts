// The eight steps of a task, under the names of the machine's services.
import { restoring } from '../kept-commits.ts';
import type { Runtime } from '../runtime.ts';
import { cloneStep } from './clone.ts';
import { fixStep } from './fix.ts';
import { generateStep } from './generate.ts';
import { publishStep } from './publish.ts';
import { reportStep } from './report.ts';
import { verifyStep } from './verify.ts';
import { waitStep } from './wait.ts';
import { writeTestsStep } from './write-tests.ts';
import type { TaskSteps } from './step.ts';

export function taskSteps(runtime: Runtime): TaskSteps {
  return {
    clone: restoring(runtime, cloneStep(runtime)),
    generate: restoring(runtime, generateStep(runtime)),
    writeTests: restoring(runtime, writeTestsStep(runtime)),
    verify: restoring(runtime, verifyStep(runtime)),
    fix: restoring(runtime, fixStep(runtime)),
    publish: restoring(runtime, publishStep(runtime)),
    report: reportStep(runtime),
    wait: waitStep(runtime),
  };
}
