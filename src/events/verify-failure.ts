// The failure that a failed verification stands for. Pure: the machine calls it, so the time comes with the outcome.
import type { FailureCode } from './failure-codes.ts';
import { coded, type Failure } from './failure.ts';
import type { VerifyOutcome, VerifyStep, VerifyStepKind } from './outcomes.ts';

const codeOf: Readonly<Record<VerifyStepKind, FailureCode>> = {
  install: 'CW-VERIFY-INSTALL',
  build: 'CW-VERIFY-BUILD',
  lint: 'CW-VERIFY-LINT',
  test: 'CW-VERIFY-TEST',
};

/**
 * `CW-VERIFY-INSTALL`, `-BUILD`, `-LINT` or `-TEST` with the failing step's command, exit status and output as evidence. The
 * commands stop at the first failure, so the failing step is the last one. A failed outcome without steps is a defect of ours
 * and gives `CW-INTERNAL`.
 */
export function failureOfVerification(outcome: VerifyOutcome): Failure {
  const step = outcome.steps.at(-1);
  const { at } = outcome;
  if (step === undefined) return coded('CW-INTERNAL', 'A verification failed without a failing step.', { at }).failure;
  const evidence = {
    command: step.command,
    exitCode: step.exitCode,
    outputTail: step.outputTail,
    log: step.log.name,
  };
  return coded(codeOf[step.kind], messageOf(step), { at, evidence }).failure;
}

function messageOf(step: VerifyStep): string {
  const command = `The ${step.kind} command \`${step.command}\``;
  if (step.timedOut) return `${command} did not end within its time limit and was stopped.`;
  if (step.exitCode !== null) return `${command} failed with exit status ${step.exitCode}.`;
  const lastLine = step.outputTail.trimEnd().split('\n').at(-1) ?? '';
  return lastLine === '' ? `${command} was ended by a signal.` : `${command} gave no exit status: ${lastLine}`;
}
