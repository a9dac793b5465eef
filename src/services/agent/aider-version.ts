// Asks the installed Aider once which version it is: the pull request names what really ran.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { agentVersionMaxMs } from '../../events/bounds.ts';
import { coded } from '../../events/failure.ts';
import type { Mask } from '../process/mask.ts';
import { run } from '../process/run.ts';

export type VersionQuestion = {
  command: string;
  /** Absolute path of a folder for this alone. What a killed worker left in it is removed before the first question. */
  scratch: string;
  mask: Mask;
};

/** A function that gives the version, for example `0.86.2`, asked once and remembered. It throws `CW-AGENT-NOT-INSTALLED`. */
export function aiderVersion(question: VersionQuestion): (signal: AbortSignal) => Promise<string> {
  let known: string | undefined;
  let swept: Promise<void> | undefined;
  return async (signal) => {
    await (swept ??= rm(question.scratch, { recursive: true, force: true }));
    return (known ??= await ask(question, signal));
  };
}

async function ask({ command, scratch, mask }: VersionQuestion, signal: AbortSignal): Promise<string> {
  await mkdir(scratch, { recursive: true, mode: 0o700 });
  // An empty home and working directory: no configuration of anybody's is read.
  const empty = await mkdtemp(join(scratch, 'empty-'));
  try {
    const result = await run(
      { program: command, args: ['--version'], cwd: empty, env: { HOME: empty }, timeLimitMs: agentVersionMaxMs, mask },
      signal,
    );
    const version = /^aider (\d\S*)$/m.exec(result.outputTail)?.[1];
    if (result.exitCode === 0 && version !== undefined) return version;
    throw coded('CW-AGENT-NOT-INSTALLED', `${command} --version did not answer as Aider does.`, {
      evidence: { command: `${command} --version`, exitCode: result.exitCode, outputTail: result.outputTail },
    });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error && error.name === 'CodedError') throw error;
    throw coded('CW-AGENT-NOT-INSTALLED', `Aider could not be started as ${command}.`, { cause: error });
  } finally {
    await rm(empty, { recursive: true, force: true });
  }
}
