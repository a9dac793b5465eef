// Finds the GitHub token: the environment's, else the one that `gh` keeps.
import { tmpdir } from 'node:os';
import { ghTokenMaxMs } from '../../events/bounds.ts';
import { run } from '../process/run.ts';

export type TokenSearch = {
  env?: NodeJS.ProcessEnv;
  /** Host that gh is asked about; its default host if not given. */
  host?: string;
  /** `gh` if not given. */
  program?: string;
};

/**
 * The value of GITHUB_TOKEN, else of GH_TOKEN, else what `gh auth token` prints. Undefined when there is none, gh is missing, logged out or
 * too slow: the caller says what to do. Rejects only with the reason of an abort.
 */
export async function findGitHubToken(search: TokenSearch, signal: AbortSignal): Promise<string | undefined> {
  const env = search.env ?? process.env;
  const given = [env['GITHUB_TOKEN'], env['GH_TOKEN']].map((value) => value?.trim() ?? '');
  return given.find((value) => value !== '') ?? (await tokenOfGh(search, env, signal));
}

// What gh needs to find its own settings, and would not get from the allow-list.
const ghSettings = ['GH_CONFIG_DIR', 'XDG_CONFIG_HOME', 'DBUS_SESSION_BUS_ADDRESS'];

async function tokenOfGh(
  { host, program = 'gh' }: TokenSearch,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<string | undefined> {
  const settings = ghSettings.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  const args = ['auth', 'token', ...(host === undefined ? [] : ['--hostname', host])];
  const gh = { GH_PROMPT_DISABLED: '1', GH_NO_UPDATE_NOTIFIER: '1', NO_COLOR: '1', ...Object.fromEntries(settings) };
  // Its output is the secret itself and stays in memory, so there is nothing to mask.
  const request = { program, args, cwd: tmpdir(), env: gh, timeLimitMs: ghTokenMaxMs, mask: (text: string) => text };
  const result = await run(request, signal).catch(() => {
    signal.throwIfAborted();
    return undefined;
  });
  const printed = result?.exitCode === 0 ? result.outputTail.trim() : '';
  return /^[\w.-]+$/.test(printed) ? printed : undefined;
}
