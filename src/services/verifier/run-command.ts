// Runs one planned command and reports what was observed.
import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { toolCheckMaxMs, verifyCommandMaxMs } from '../../events/bounds.ts';
import { coded, type CodedError } from '../../events/failure.ts';
import type { VerifyStep } from '../../events/outcomes.ts';
import { childEnvironment } from '../process/environment.ts';
import type { Mask } from '../process/mask.ts';
import { ProgramNotFound, run } from '../process/run.ts';
import { commandEnvironment } from './command-environment.ts';
import { ranNoTests } from './no-tests.ts';
import type { Tool, VerifyCommand } from './verify-command.ts';

export type CommandSetting = {
  /** Checkout that the command runs in. */
  directory: string;
  logsDirectory: string;
  /** Name of the log file. */
  logName: string;
  /** Milliseconds left for the verification as a whole. */
  timeLeftMs: number;
  extraEnvironment: Readonly<Record<string, string>>;
  mask: Mask;
};

export type Observed = { step: VerifyStep; ranNoTests: boolean };

/**
 * Undefined when the command is left out because its optional tool is missing. Throws `CW-VERIFY-TOOL-MISSING`; rejects with the
 * signal's reason when aborted.
 */
export async function runCommand(
  command: VerifyCommand,
  setting: CommandSetting,
  signal: AbortSignal,
): Promise<Observed | undefined> {
  if (command.refusal !== undefined) return notRun(command, setting, { text: command.refusal, timedOut: false });
  if (setting.timeLeftMs <= 0) {
    return notRun(command, setting, { text: 'Not run: the time for the verification was used up.\n', timedOut: true });
  }
  if (!(await isInstalled(command.tool, setting, signal))) {
    if (command.tool.optional) return undefined;
    throw toolMissing(command);
  }
  if (command.removeFirst !== undefined) await rm(command.removeFirst, { recursive: true, force: true });
  const logFile = join(setting.logsDirectory, setting.logName);
  const timeLimitMs = Math.min(verifyCommandMaxMs, setting.timeLeftMs);
  try {
    const result = await run({ ...invocation(command, setting), timeLimitMs, logFile }, signal);
    const output = await readFile(logFile);
    const step = stepOf(command, setting, output, result);
    const { runner } = command;
    return { step, ranNoTests: runner !== undefined && ranNoTests(runner, step.exitCode, output.toString()) };
  } catch (error) {
    if (error instanceof ProgramNotFound) throw toolMissing(command);
    throw error;
  }
}

function invocation({ program, args, pathFolder }: VerifyCommand, setting: CommandSetting) {
  const env: Record<string, string> = { ...commandEnvironment, ...setting.extraEnvironment };
  const path = env['PATH'] ?? childEnvironment()['PATH'] ?? '';
  if (pathFolder !== undefined) env['PATH'] = `${pathFolder}${delimiter}${path}`;
  return { program, args, cwd: setting.directory, env, mask: setting.mask };
}

async function isInstalled({ check }: Tool, setting: CommandSetting, signal: AbortSignal): Promise<boolean> {
  if (check === undefined) return true;
  const env = { ...commandEnvironment, ...setting.extraEnvironment };
  const facts = { cwd: setting.directory, env, mask: setting.mask, timeLimitMs: toolCheckMaxMs };
  try {
    return (await run({ ...check, ...facts }, signal)).exitCode === 0;
  } catch (error) {
    if (error instanceof ProgramNotFound) return false;
    throw error;
  }
}

const toolMissing = ({ tool, display }: VerifyCommand): CodedError =>
  coded('CW-VERIFY-TOOL-MISSING', `\`${display}\` needs ${tool.name}, which is not on this machine. ${tool.get}`);

type Result = Pick<VerifyStep, 'exitCode' | 'timedOut' | 'outputTail' | 'durationMs'>;

const stepOf = (
  { kind, display }: VerifyCommand,
  { logName, mask }: CommandSetting,
  log: Buffer,
  { exitCode, timedOut, outputTail, durationMs }: Result,
): VerifyStep => ({
  kind,
  command: mask(display),
  exitCode,
  timedOut,
  outputTail,
  durationMs,
  log: { name: logName, sha256: createHash('sha256').update(log).digest('hex') },
});

/** A step that fails without its command having been started; the reason stands in its log. */
async function notRun(
  command: VerifyCommand,
  setting: CommandSetting,
  { text, timedOut }: { text: string; timedOut: boolean },
): Promise<Observed> {
  const log = Buffer.from(setting.mask(text));
  await writeFile(join(setting.logsDirectory, setting.logName), log, { mode: 0o600 });
  const result = { exitCode: null, timedOut, outputTail: log.toString(), durationMs: 0 };
  return { step: stepOf(command, setting, log, result), ranNoTests: false };
}
