// The verifier that needs no configuration: it recognises the project by its files and runs what such projects offer.
import { existsSync } from 'node:fs';
import { CodedError, coded } from '../../events/failure.ts';
import type { VerifyStep, VerifyStepKind } from '../../events/outcomes.ts';
import type { Mask } from '../process/mask.ts';
import { checkKinds, planVerification } from './detect.ts';
import { runCommand } from './run-command.ts';
import type { VerifyCommand } from './verify-command.ts';
import type { Verifier, VerifyReport, VerifyRequest } from './verifier.ts';

export type NativeVerifierOptions = {
  mask: Mask;
  /** Added to what every command gets, for example a DATABASE_URL for tests; wins over the rest. No secret belongs here. */
  extraEnvironment?: Readonly<Record<string, string>>;
};

export function nativeVerifier(options: NativeVerifierOptions): Verifier {
  return { verify: (request, signal) => onWholeCheckouts(request, () => verify(request, options, signal), signal) };
}

/** Checkouts that were taken away meanwhile offer no command and fail each one: that says nothing of the commit. Only what passed was seen to pass. */
async function onWholeCheckouts(
  { directory, baseDirectory }: VerifyRequest,
  observe: () => Promise<VerifyReport>,
  signal: AbortSignal,
): Promise<VerifyReport> {
  const isGone = (): boolean => !existsSync(directory) || !existsSync(baseDirectory);
  const lost = (cause?: unknown): Error =>
    coded('CW-WORKSPACE-LOST', 'The working copies of this task disappeared during the verification.', { cause });
  try {
    const report = await observe();
    if (report.verdict !== 'passed' && isGone()) throw lost();
    return report;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof CodedError || !isGone()) throw error;
    throw lost(error);
  }
}

async function verify(
  request: VerifyRequest,
  { mask, extraEnvironment = {} }: NativeVerifierOptions,
  signal: AbortSignal,
): Promise<VerifyReport> {
  signal.throwIfAborted();
  const started = performance.now();
  const plan = await planVerification({ base: request.baseDirectory, head: request.directory });
  const steps: VerifyStep[] = [];
  const withoutResult = new Set<VerifyCommand>();
  const report = (verdict: VerifyReport['verdict']): VerifyReport => ({
    verdict,
    steps,
    notOffered: kindsWithout(plan.filter((command) => !withoutResult.has(command))),
  });
  for (const command of plan) {
    const setting = {
      directory: request.directory,
      logsDirectory: request.logsDirectory,
      logName: `${request.logPrefix}-${steps.length + 1}-${command.kind}.log`,
      timeLeftMs: Math.floor(request.timeLimitMs - (performance.now() - started)),
      extraEnvironment,
      mask,
    };
    const observed = await runCommand(command, setting, signal);
    if (observed !== undefined) steps.push({ ...observed.step, ...(observed.ranNoTests && { idle: true as const }) });
    if (observed === undefined || observed.ranNoTests) withoutResult.add(command);
    else if (observed.step.exitCode !== 0) return report('failed');
  }
  return report(report('passed').notOffered.length === checkKinds.length ? 'unverified' : 'passed');
}

const kindsWithout = (commands: readonly VerifyCommand[]): VerifyStepKind[] =>
  checkKinds.filter((kind) => !commands.some((command) => command.kind === kind));
