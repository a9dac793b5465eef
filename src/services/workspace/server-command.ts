// Runs one git command that talks to the server, in a process group of its own that is ended as a whole.
//
// To end git alone is not enough: it leaves its `git-remote-http` behind, which holds the token and may still finish a push that we gave up
// (seen with git 2.39 for ls-remote and fetch, SIGINT and SIGTERM alike).
import { run } from '../process/run.ts';
import type { Mask } from '../process/mask.ts';
import type { GitCommand, GitResult } from './git-command.ts';

/** Both outputs come interleaved, as `stderr` and as `stdout`, masked and cut to their last 8,000 characters. Throws `ProgramNotFound`. */
export async function serverCommand(
  command: Omit<GitCommand, 'input'>,
  mask: Mask,
  signal: AbortSignal,
): Promise<GitResult> {
  const { args, cwd, env, timeLimitMs } = command;
  const result = await run({ program: 'git', args, cwd, env, timeLimitMs, mask }, signal);
  const { exitCode, outputTail } = result;
  return { exitCode, stdout: outputTail, stderr: outputTail, timedOut: result.timedOut };
}
