// The worker's configuration: file and environment become one `Config`, or one failure that lists everything wrong with both.
import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import path from 'node:path';
import type { z } from 'zod';
import { environmentLayer, isMap, overlay, type EnvironmentLayer } from './config-environment.ts';
import { readConfigFile, type ConfigFile } from './config-file.ts';
import { problemsOf } from './config-problems.ts';
import { configSchema } from './config-schema.ts';
import { failureMessageMaxChars } from './events/bounds.ts';
import { coded } from './events/failure.ts';

type Parsed = z.output<typeof configSchema>;
type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** The keys of codingworker.yaml, with times in milliseconds and paths absolute. */
export type Config = DeepReadonly<
  Omit<Parsed, 'limits' | 'workspaceDirectory'> & {
    limits: { agentRunMs: number; taskMs: number; retryWaitMs: number; freeDiskMinBytes: number };
    workspaceDirectory: string;
  }
>;

type Surroundings = { environment: NodeJS.ProcessEnv; workingDirectory: string };
/** `queue`: the URL of the queue must be set. */
type Needs = { needs?: 'queue' };

/** Throws `CW-CONFIG-INVALID` that lists every problem of file and environment, one a line. The environment wins over the file. */
export async function loadConfig({ environment, workingDirectory, needs }: Surroundings & Needs): Promise<Config> {
  const file = await readConfigFile(environment, workingDirectory);
  const layer = environmentLayer(environment);
  const values = overlay(file.values, layer.values);
  const problems = [...file.problems, ...fileProblems(file), ...environmentProblems(layer)];
  if (needs === 'queue' && !hasQueueUrl(values)) problems.push(queueUrlMissing);
  if (problems.length > 0) throw invalid(problems);
  const parsed = configSchema.parse(values);
  const { github } = parsed;
  if (isGitHubCom(github.apiUrl, 'api.github.com') !== isGitHubCom(github.serverUrl, 'github.com')) {
    throw invalid([serversDiffer]);
  }
  return settle(parsed, { environment, workingDirectory });
}

/** The queue's URL, for those who use the queue. Throws `CW-CONFIG-INVALID` when it is not set. */
export function requireQueueUrl(config: Pick<Config, 'queue'>): string {
  if (config.queue.url === undefined) throw invalid([queueUrlMissing]);
  return config.queue.url;
}

/** The token is sent to both: with one of them forgotten, an Enterprise server's token would go to github.com, or the other way round. */
const serversDiffer =
  'github.apiUrl (GITHUB_API_URL) and github.serverUrl (GITHUB_SERVER_URL): one is GitHub.com, the other is not; set both';

const isGitHubCom = (url: string, host: string): boolean => new URL(url).host === host;

const queueUrlMissing = 'queue.url: must be set in codingworker.yaml or by CODINGWORKER_QUEUE_URL';

const hasQueueUrl = ({ queue }: Record<string, unknown>): boolean => isMap(queue) && queue['url'] !== undefined;

/** Whether `repositories` allows `owner/name`. GitHub's names do not tell upper from lower case, so neither does this. */
export function isAllowed(config: Config, repository: string): boolean {
  const [owner, name, ...more] = repository.toLowerCase().split('/');
  if (!owner || !name || more.length > 0) return false;
  const patterns = new Set(config.repositories.map((pattern) => pattern.toLowerCase()));
  return [`${owner}/${name}`, `${owner}/*`, '*/*'].some((form) => patterns.has(form));
}

function fileProblems(file: ConfigFile): string[] {
  return problemsOf(configSchema.safeParse(file.values).error?.issues ?? []).map(({ place, says }) => {
    const line = file.lineOf(place);
    return `${file.name}${line === undefined ? '' : `, line ${line}`}: ${shown(place)}: ${says}`;
  });
}

function environmentProblems({ values, sources }: EnvironmentLayer): string[] {
  return problemsOf(configSchema.safeParse(values).error?.issues ?? []).map(
    ({ place, says }) => `${sources.get(place.join('.')) ?? shown(place)}: ${says}`,
  );
}

/** `agent.model`, `repositories[2]` with the first at 0, without control characters. */
const shown = (place: readonly PropertyKey[]): string =>
  place
    .map((key) =>
      typeof key === 'number'
        ? `[${key}]`
        : `.${String(key)
            .replaceAll(/[^\x21-\x7e]/g, '?')
            .slice(0, 60)}`,
    )
    .join('')
    .slice(1);

/** Fits the problems into a failure's message; what does not fit is counted, not dropped unsaid. */
function invalid(problems: readonly string[]): Error {
  const lines = ['The configuration is not valid:'];
  const spare = 40;
  for (const [index, problem] of problems.entries()) {
    if ([...lines, problem].join('\n- ').length > failureMessageMaxChars - spare) {
      lines.push(`and ${problems.length - index} more problems`);
      break;
    }
    lines.push(problem);
  }
  return coded('CW-CONFIG-INVALID', lines.join('\n- '));
}

function settle(parsed: Parsed, { environment, workingDirectory }: Surroundings): Config {
  const { limits, ...rest } = parsed;
  const absolute = (text: string): string => path.resolve(workingDirectory, text.replace(/^~(?=\/|$)/, homedir()));
  // A command with a slash is a file. It is made absolute, else it would be looked for in the repository being worked on.
  const command = rest.agent.command.includes('/') ? absolute(rest.agent.command) : rest.agent.command;
  const stateDirectory = absolute(rest.stateDirectory);
  return {
    ...rest,
    agent: { ...rest.agent, command },
    limits: {
      agentRunMs: limits.agentMinutes * 60_000,
      taskMs: limits.taskMinutes * 60_000,
      retryWaitMs: limits.retryWaitSeconds * 1000,
      freeDiskMinBytes: limits.freeDiskMegabytes * 1024 * 1024,
    },
    stateDirectory,
    workspaceDirectory: absolute(rest.workspaceDirectory ?? cacheFolder(environment, stateDirectory)),
  };
}

/** A folder of the user's cache for this state directory: two workers with two states never share working copies. */
function cacheFolder(environment: NodeJS.ProcessEnv, stateDirectory: string): string {
  const digest = createHash('sha256').update(stateDirectory).digest('hex').slice(0, 12);
  return path.join(environment['XDG_CACHE_HOME'] || '~/.cache', 'codingworker', digest);
}
