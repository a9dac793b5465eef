// A task of ten steps that do nothing: what remains is the machine, the journal and the gate. Its records are as large as a real task's.
import { changed, cloned, reported, step, verified } from '../../../../test/support/tasks/facts.ts';
import { fixesMax, outputTailMaxChars } from '../../../events/bounds.ts';
import { coded } from '../../../events/failure.ts';
import type { TaskSteps } from '../../../worker/steps/step.ts';

/**
 * Clone, implement, tests, a verification that fails, two fixes that do not help, each verified, a third that fails for good, report.
 * `onBegin` is called when a step begins.
 */
export const stepsOfTask = 10;

const change = changed();
const failed = {
  ...verified('failed'),
  steps: [step({ exitCode: 1, outputTail: 'not ok\n'.repeat(outputTailMaxChars / 8) })],
};

export function idleSteps(onBegin: () => void): TaskSteps {
  const ends =
    <Outcome>(outcome: () => Outcome) =>
    async (): Promise<Outcome> => {
      onBegin();
      return outcome();
    };
  return {
    clone: ends(cloned),
    generate: ends(() => change),
    writeTests: ends(() => change),
    verify: ends(() => failed),
    fix: async ({ fixes }) => {
      onBegin();
      if (fixes === fixesMax) throw coded('CW-AGENT-FAILED', 'The last fix does not end well.');
      return change;
    },
    report: ends(reported),
    publish: () => Promise.reject(new Error('The task is not published.')),
    wait: () => Promise.reject(new Error('The task does not wait.')),
  };
}
