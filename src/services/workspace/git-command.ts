// Runs one git command that stays on this machine, in our own environment, ended by the caller's signal, a time limit or enough output.
import { simpleGit, type SimpleGit } from 'simple-git';
import { ProgramNotFound } from '../process/run.ts';

export type GitCommand = {
  /** Never holds a secret: everybody on the machine can read it. */
  args: readonly string[];
  /** An existing folder. */
  cwd: string;
  /** The whole environment of the command. */
  env: Readonly<Record<string, string>>;
  /** Text for its standard input; not empty. */
  input?: string;
  /** Wall-clock limit in milliseconds. */
  timeLimitMs: number;
  /** The command is ended once it has printed this much; what it printed is the result. */
  enoughBytes?: number;
};

export type GitResult = {
  /** Null when a signal ended it. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
  timedOut: boolean;
  /** It was ended because it had printed enough. */
  cut: boolean;
};

/** Any exit status is a result. Rejects with the signal's reason when aborted. Throws `ProgramNotFound`. */
export async function gitCommand(command: GitCommand, signal: AbortSignal): Promise<GitResult> {
  signal.throwIfAborted();
  const limit = AbortSignal.timeout(command.timeLimitMs);
  const enough = new AbortController();
  let exitCode: number | null = null;
  let stderr = '';
  const git = simpleGit({
    baseDir: command.cwd,
    // simple-git's own time limit is not told apart from a failure of git's when git prints something as it is ended.
    abort: AbortSignal.any([signal, limit, enough.signal]),
    // It refuses these for input it cannot trust; arguments and environment here are ours.
    unsafe: {
      allowUnsafeConfigEnvCount: true,
      allowUnsafeConfigPaths: true,
      allowUnsafeCredentialHelper: true,
      allowUnsafeFsMonitor: true,
      allowUnsafeHooksPath: true,
      allowUnsafeProtocolOverride: true,
      allowUnsafeTemplateDir: true,
    },
    allowEnvironment: Object.keys(command.env).filter((name) => name.startsWith('GIT_')),
    // By itself it takes output for complete 50 ms after exit, and a status without a message, or a signal, for success.
    completion: { onClose: true, onExit: 5_000 },
    errors: (_error, result) => {
      exitCode = result.exitCode;
      stderr = Buffer.concat(result.stdErr).toString('utf8');
      return undefined;
    },
    ...(command.input !== undefined && { input: () => command.input }),
  });
  watchOutput(git, command.enoughBytes, enough);
  const stdout = await git.env(command.env).raw([...command.args]);
  signal.throwIfAborted();
  if (stderr.includes('spawn git ENOENT')) throw new ProgramNotFound('git');
  return { exitCode, stdout, stderr, timedOut: limit.aborted && exitCode !== 0, cut: enough.signal.aborted };
}

function watchOutput(git: SimpleGit, enoughBytes: number | undefined, enough: AbortController): void {
  git.outputHandler((_command, stdout) => {
    // After a command that printed nothing simple-git waits another 50 ms; an empty chunk spares them, and we wait for `close` anyway.
    queueMicrotask(() => stdout.emit('data', Buffer.alloc(0)));
    if (enoughBytes === undefined) return;
    let printed = 0;
    stdout.on('data', (chunk: Buffer) => {
      printed += chunk.length;
      if (printed > enoughBytes) enough.abort();
    });
  });
}
