// Runs one program to its end: argument array, allow-listed environment, own process group killed as a whole, bounded output.
import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { killGraceMs, outputLogMaxBytes, outputTailMaxChars } from '../../events/bounds.ts';
import { childEnvironment } from './environment.ts';
import type { Mask } from './mask.ts';

export type RunRequest = {
  program: string;
  args: readonly string[];
  cwd: string;
  /** Added to the allow-listed environment. */
  env?: Readonly<Record<string, string>>;
  /** Wall-clock limit in milliseconds; then the process group is killed. */
  timeLimitMs: number;
  /** File that takes the whole output (up to 20 MiB), standard output and error interleaved. */
  logFile?: string;
  mask: Mask;
};

export type RunResult = {
  /** Null when a signal ended it. */
  exitCode: number | null;
  timedOut: boolean;
  durationMs: number;
  /** The last 8,000 characters of standard output and error, interleaved, masked. */
  outputTail: string;
};

/** The program is not installed, or not on the child's PATH. */
export class ProgramNotFound extends Error {
  readonly program: string;

  constructor(program: string) {
    super(`The program ${program} was not found.`);
    this.name = 'ProgramNotFound';
    this.program = program;
  }
}

/** Throws `ProgramNotFound`; rejects with the signal's reason when aborted. Any exit status is a result, not an error. */
export async function run(request: RunRequest, signal: AbortSignal): Promise<RunResult> {
  signal.throwIfAborted();
  const started = performance.now();
  const output = new BoundedOutput(request.mask, request.logFile);
  const child = execa(request.program, request.args, {
    cwd: request.cwd,
    env: childEnvironment(request.env),
    extendEnv: false,
    preferLocal: false,
    detached: true,
    cleanup: false,
    stdin: 'ignore',
    all: true,
    buffer: false,
    reject: false,
  });
  child.all.on('data', (chunk: Buffer) => output.take(chunk));
  const stopAtExit = (): void => killGroup(child.pid, 'SIGKILL');
  process.once('exit', stopAtExit);
  // What the program leaves running would hold its output open: when it ends, its group ends.
  child.nodeChildProcess.once('exit', stopAtExit);

  let timedOut = false;
  const limit = setTimeout(() => {
    timedOut = true;
    void endGroup(child.pid);
  }, request.timeLimitMs);
  const onAbort = (): void => void endGroup(child.pid);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const result = await child;
    await output.end();
    signal.throwIfAborted();
    if (result.code === 'ENOENT' && child.pid === undefined) throw new ProgramNotFound(request.program);
    if (child.pid === undefined) throw result;
    return {
      exitCode: result.exitCode ?? null,
      timedOut,
      durationMs: Math.round(performance.now() - started),
      outputTail: output.tail(),
    };
  } finally {
    clearTimeout(limit);
    signal.removeEventListener('abort', onAbort);
    process.removeListener('exit', stopAtExit);
  }
}

async function endGroup(pid: number | undefined): Promise<void> {
  killGroup(pid, 'SIGTERM');
  await sleep(killGraceMs, undefined, { ref: false });
  killGroup(pid, 'SIGKILL');
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** Masks line by line, keeps the tail in memory and the whole in a file, both bounded. */
class BoundedOutput {
  readonly #mask: Mask;
  readonly #log: WriteStream | undefined;
  readonly #decoder = new StringDecoder('utf8');
  #open = '';
  #tail = '';
  #logged = 0;

  constructor(mask: Mask, logFile: string | undefined) {
    this.#mask = mask;
    this.#log = logFile === undefined ? undefined : createWriteStream(logFile, { mode: 0o600 });
  }

  take(chunk: Buffer): void {
    const text = this.#open + this.#decoder.write(chunk);
    const end = text.lastIndexOf('\n') + 1;
    // A line without end (a progress bar) must not grow for ever.
    const keep = text.length - end > outputTailMaxChars ? text.length : end;
    this.#write(text.slice(0, keep));
    this.#open = text.slice(keep);
  }

  async end(): Promise<void> {
    this.#write(this.#open + this.#decoder.end());
    this.#open = '';
    if (this.#log === undefined) return;
    this.#log.end();
    await once(this.#log, 'close');
  }

  tail(): string {
    return this.#tail;
  }

  #write(text: string): void {
    if (text === '') return;
    const masked = this.#mask(text);
    this.#tail = (this.#tail + masked).slice(-outputTailMaxChars);
    if (this.#log === undefined || this.#logged >= outputLogMaxBytes) return;
    this.#logged += Buffer.byteLength(masked);
    this.#log.write(masked);
    if (this.#logged >= outputLogMaxBytes) this.#log.write('\n… the rest of the output was not kept\n');
  }
}
