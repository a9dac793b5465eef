// Runs one program to its end: argument array, allow-listed environment, own process group killed as a whole, bounded output.
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { execa as Execa } from 'execa';
import { killGraceMs, outputDrainMaxMs } from '../../events/bounds.ts';
import { childEnvironment } from './environment.ts';
import type { Mask } from './mask.ts';
import { BoundedOutput } from './output.ts';
import { killMarked, newMark, signalGroup } from './process-group.ts';

export type RunRequest = {
  program: string;
  args: readonly string[];
  cwd: string;
  /** Added to the allow-listed environment. */
  env?: Readonly<Record<string, string>>;
  /** Wall-clock limit in milliseconds; then the process group is killed. */
  timeLimitMs: number;
  /** File that takes the whole output (up to 20 MiB), standard output and error interleaved line by line. */
  logFile?: string;
  mask: Mask;
};

export type RunResult = {
  /** Null when a signal or our time limit ended it. */
  exitCode: number | null;
  timedOut: boolean;
  durationMs: number;
  /** The last 8,000 characters of standard output and error, interleaved line by line, masked, without colours and control characters. */
  outputTail: string;
};

/** The program is not installed, not on the child's PATH, or not executable. */
export class ProgramNotFound extends Error {
  readonly program: string;

  constructor(program: string, options?: ErrorOptions) {
    super(`The program ${program} was not found.`, options);
    this.name = 'ProgramNotFound';
    this.program = program;
  }
}

/** setTimeout fires at once for more than this. */
const timerMaxMs = 2 ** 31 - 1;

/**
 * Throws `ProgramNotFound`, and `CW-WORKSPACE-DISK` when the log could not be written; rejects with the signal's reason when
 * aborted. Any exit status is a result, not an error. When it returns, nothing that the program started is left running (on
 * Linux; elsewhere a process that left the program's group is).
 */
export async function run(request: RunRequest, signal: AbortSignal): Promise<RunResult> {
  // A hundred modules that a worker which only waits for messages does without.
  const { execa } = await import('execa');
  signal.throwIfAborted();
  const started = performance.now();
  const mark = newMark();
  const output = new BoundedOutput(request.mask, request.logFile);
  const child = start(execa, request, mark);
  output.follow(child.stdout);
  output.follow(child.stderr);

  let timedOut = false;
  const ended = new AbortController();
  const stop = (): void => void stopGroup(child.pid, ended.signal);
  const killAll = (): void => {
    if (child.pid === undefined) return;
    signalGroup(child.pid, 'SIGKILL');
    killMarked(mark.token);
  };
  const limit = setTimeout(
    () => {
      timedOut = true;
      stop();
    },
    Math.min(request.timeLimitMs, timerMaxMs),
  );
  signal.addEventListener('abort', stop, { once: true });
  process.once('exit', killAll);
  // What the program leaves running would hold its output open: when it ends, all that it started ends.
  child.nodeChildProcess.once('exit', () => {
    ended.abort();
    clearTimeout(limit);
    killAll();
    void letGo(child.nodeChildProcess);
  });
  try {
    const result = await child;
    await output.end();
    signal.throwIfAborted();
    if (child.pid === undefined) throw startFailure(request, result);
    return {
      exitCode: timedOut ? null : (result.exitCode ?? null),
      timedOut,
      durationMs: Math.round(performance.now() - started),
      outputTail: output.tail(),
    };
  } finally {
    clearTimeout(limit);
    signal.removeEventListener('abort', stop);
    process.removeListener('exit', killAll);
  }
}

const start = (execa: typeof Execa, request: RunRequest, mark: { name: string; value: string }) =>
  execa(request.program, request.args, {
    cwd: request.cwd,
    env: { ...childEnvironment(request.env), [mark.name]: mark.value },
    extendEnv: false,
    preferLocal: false,
    detached: true,
    cleanup: false,
    stdin: 'ignore',
    buffer: false,
    reject: false,
  });

/** SIGTERM, and SIGKILL to what is left after the grace time, unless the program ended: its PID may then be another's. */
async function stopGroup(leader: number | undefined, ended: AbortSignal): Promise<void> {
  signalGroup(leader, 'SIGTERM');
  const waited = await sleep(killGraceMs, true, { signal: ended }).catch(() => false);
  if (waited) signalGroup(leader, 'SIGKILL');
}

type Streams = { stdout: { destroy(): unknown } | null; stderr: { destroy(): unknown } | null };

/** A process that escaped us may hold the output open for ever: what has not come by then is not waited for. */
async function letGo(child: Streams): Promise<void> {
  await sleep(outputDrainMaxMs, undefined, { ref: false });
  child.stdout?.destroy();
  child.stderr?.destroy();
}

type SpawnFacts = { code?: string | undefined; originalMessage?: string | undefined };

/** Node reports a missing working directory by the same ENOENT as a missing program. */
function startFailure(request: RunRequest, result: SpawnFacts): Error {
  const isMissing = result.code === 'ENOENT' || result.code === 'EACCES';
  if (isMissing && existsSync(request.cwd)) return new ProgramNotFound(request.program, { cause: result });
  return new Error(`${request.program} could not be started in ${request.cwd}: ${result.originalMessage ?? ''}`, {
    cause: result,
  });
}
