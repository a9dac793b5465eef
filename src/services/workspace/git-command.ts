// Runs one git command that stays on this machine, in our own environment, ended by the caller's signal or a time limit.
import { existsSync } from 'node:fs';
import { gitOutputMaxChars, killGraceMs } from '../../events/bounds.ts';
import { coded } from '../../events/failure.ts';
import { ProgramNotFound } from '../process/run.ts';

export type GitCommand = {
  /** Never holds a secret: everybody on the machine can read it. */
  args: readonly string[];
  /** An existing folder. */
  cwd: string;
  /** The whole environment of the command. */
  env: Readonly<Record<string, string>>;
  /** Text for its standard input. */
  input?: string;
  /** Wall-clock limit in milliseconds. */
  timeLimitMs: number;
};

export type GitResult = {
  /** Null when a signal, a limit of ours or a missing program ended it. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
  timedOut: boolean;
};

/**
 * Any exit status is a result, and both outputs come to the last byte. Rejects with the signal's reason when aborted; git has ended then.
 * Throws `ProgramNotFound`, and `CW-WORKSPACE-LOST` when `cwd` is gone.
 */
export async function gitCommand(command: GitCommand, signal: AbortSignal): Promise<GitResult> {
  // Late, as in process/run.ts.
  const { execa } = await import('execa');
  signal.throwIfAborted();
  const { args, cwd, env, input, timeLimitMs } = command;
  const result = await execa('git', args, {
    cwd,
    env,
    extendEnv: false,
    preferLocal: false,
    cleanup: false,
    reject: false,
    stripFinalNewline: false,
    maxBuffer: gitOutputMaxChars,
    timeout: timeLimitMs,
    cancelSignal: signal,
    forceKillAfterDelay: killGraceMs,
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
  });
  signal.throwIfAborted();
  if (result.code === 'ENOENT' || result.code === 'EACCES') {
    // Node reports a missing working directory as it does a missing program.
    if (existsSync(cwd)) throw new ProgramNotFound('git', { cause: result });
    throw coded('CW-WORKSPACE-LOST', `The folder ${cwd} is gone.`, { cause: result });
  }
  const stderr = result.isMaxBuffer ? `${result.stderr}\nfatal: git printed too much` : result.stderr;
  const exitCode = result.timedOut || result.isMaxBuffer ? null : (result.exitCode ?? null);
  return { exitCode, stdout: result.stdout, stderr, timedOut: result.timedOut };
}
