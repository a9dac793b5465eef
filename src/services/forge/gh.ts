// The forge by GitHub's own command line: `gh api` for every call, its token by environment, its settings in a folder of its own.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { forgeCallMaxMs } from '../../events/bounds.ts';
import { coded, type CodedError } from '../../events/failure.ts';
import { ProgramNotFound, run, type RunResult } from '../process/run.ts';
import type { Forge } from './forge.ts';
import { answerInGhOutput } from './gh-answer.ts';
import type { ForgeOptions } from './github-client.ts';
import { forgeOver } from './github-forge.ts';
import type { GitHubRest, RestCall } from './rest.ts';

export type GhOptions = ForgeOptions & {
  /** `github.com`, or the host (with its port, if it has one) of an Enterprise server. gh speaks only HTTPS to it. */
  host: string;
  token: string;
  /** `gh` if not given. */
  program?: string;
  /** File with certificates to trust instead of the system's. */
  caFile?: string;
};

/** gh's exit status when it wants a login (gh help exit-codes). */
const exitNeedsLogin = 4;

/** The port by `gh` 2.20 or later. Throws `CW-GITHUB-GH-MISSING` when it is not installed, else as the port says. */
export const ghForge = (options: GhOptions): Forge => forgeOver(ghRest(options), options);

function ghRest(options: GhOptions): GitHubRest {
  return async (call, signal) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'codingworker-gh-'));
    try {
      return await ask(options, call, folder, signal);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
}

async function ask(options: GhOptions, call: RestCall, folder: string, signal: AbortSignal) {
  const logFile = path.join(folder, 'answer');
  const input = path.join(folder, 'input.json');
  if (call.body !== undefined) await writeFile(input, JSON.stringify(call.body), { mode: 0o600 });
  const request = {
    program: options.program ?? 'gh',
    args: argumentsOf(call, input),
    cwd: folder,
    env: environmentOf(options, folder),
    timeLimitMs: options.callMaxMs ?? forgeCallMaxMs,
    logFile,
    mask: options.mask,
  };
  const result = await run(request, signal).catch((error: unknown) => {
    throw error instanceof ProgramNotFound ? coded('CW-GITHUB-GH-MISSING', error.message, { cause: error }) : error;
  });
  const answer = answerInGhOutput(await readFile(logFile, 'utf8'));
  if (answer === undefined || result.timedOut) throw noAnswer(call, result);
  return answer;
}

function argumentsOf(call: RestCall, input: string): string[] {
  const headers = ['Accept: application/vnd.github+json', 'X-GitHub-Api-Version: 2022-11-28'];
  const body = call.body === undefined ? [] : ['--input', input, '-H', 'Content-Type: application/json'];
  const flags = ['--include', '--method', call.method, ...headers.flatMap((header) => ['-H', header]), ...body];
  return ['api', ...flags, call.path.replace(/^\//, '')];
}

function environmentOf({ host, token, caFile }: GhOptions, folder: string): Record<string, string> {
  return {
    GH_HOST: host,
    // gh takes the first for github.com and the second for every other host.
    GH_TOKEN: token,
    GH_ENTERPRISE_TOKEN: token,
    GH_CONFIG_DIR: folder,
    GH_PROMPT_DISABLED: '1',
    GH_NO_UPDATE_NOTIFIER: '1',
    NO_COLOR: '1',
    ...(caFile !== undefined && { SSL_CERT_FILE: caFile }),
  };
}

function noAnswer(call: RestCall, { exitCode, outputTail, timedOut }: RunResult): CodedError {
  if (exitCode === exitNeedsLogin) return coded('CW-GITHUB-AUTH', 'gh has no token for this host.');
  const reason = timedOut ? 'it took too long' : outputTail.trim().split('\n').slice(-2).join(' ');
  return coded('CW-GITHUB-UNAVAILABLE', `No answer to ${call.method} ${call.path} by gh: ${reason}`);
}
