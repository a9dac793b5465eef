// Git as the workspace uses it: a command on a task's store, locally or with the server's token; a failure becomes a coded error.
import { coded } from '../../events/failure.ts';
import { maskOf, type Mask } from '../process/mask.ts';
import { ProgramNotFound } from '../process/run.ts';
import { gitCommand, type GitResult } from './git-command.ts';
import { localEnvironment, serverEnvironment, type Identity, type Server } from './git-environment.ts';
import { gitFailure } from './git-failures.ts';
import { serverCommand } from './server-command.ts';

/** A folder with files of a commit; index and HEAD are kept away from it, in the store. */
export type Checkout = {
  /** Absolute path of the files. */
  directory: string;
  /** Absolute path of its index and HEAD. */
  gitDirectory: string;
};

type GitRequest = {
  args: readonly string[];
  /** Absolute path of the bare repository. */
  store: string;
  /** For commands that read or write files. */
  checkout?: Checkout;
  /** The command talks to the server: it gets the token, and its two outputs come as one. */
  server?: boolean;
  /** Not for the server. */
  input?: string;
};

export type Git = {
  /** Standard output. Throws the coded failure that git's messages stand for. */
  run(request: GitRequest, signal: AbortSignal): Promise<string>;
  /** Any exit status is a result. Throws when aborted, and `CW-GIT-FAILED` when git is not installed. */
  attempt(request: GitRequest, signal: AbortSignal): Promise<GitResult>;
  mask: Mask;
};

export type GitSettings = {
  server: Server;
  author: Identity;
  mask: Mask;
  /** Wall-clock limit of one command in milliseconds. */
  commandMaxMs: number;
};

export function gitOf(settings: GitSettings): Git {
  const ownToken = maskOf([settings.server.token]);
  const mask: Mask = (text) => settings.mask(ownToken(text));

  const attempt = async (request: GitRequest, signal: AbortSignal): Promise<GitResult> => {
    const { args, store, checkout } = request;
    const environment = request.server
      ? serverEnvironment(store, settings.author, settings.server)
      : localEnvironment(store, settings.author);
    const command = {
      args,
      cwd: checkout?.directory ?? store,
      env: { ...environment, ...places(store, checkout) },
      timeLimitMs: settings.commandMaxMs,
    };
    try {
      if (request.server) return await serverCommand(command, mask, signal);
      return await gitCommand({ ...command, ...(request.input !== undefined && { input: request.input }) }, signal);
    } catch (error) {
      if (!(error instanceof ProgramNotFound)) throw error;
      throw coded('CW-GIT-FAILED', 'The program git was not found; install it, or add it to PATH.', { cause: error });
    }
  };

  const run = async (request: GitRequest, signal: AbortSignal): Promise<string> => {
    const result = await attempt(request, signal);
    if (result.exitCode === 0) return result.stdout;
    throw gitFailure(request.args, result, mask);
  };

  return { run, attempt, mask };
}

/** Named outright, so that git looks for no repository: neither one around the state folder, nor one that somebody put into a checkout. */
function places(store: string, checkout: Checkout | undefined): Record<string, string> {
  if (checkout === undefined) return { GIT_DIR: store };
  return { GIT_DIR: checkout.gitDirectory, GIT_COMMON_DIR: store, GIT_WORK_TREE: checkout.directory };
}
