// The only wiring: configuration in, the worker's runtime out. Adapters are named here and nowhere else.
import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import type { Logger } from 'pino';
import { openState } from './compose-state.ts';
import { isAllowed, requireQueueUrl, type Config } from './config.ts';
import { fixesMax, leaseSeconds, retriesMax, retryWaitMaxMs, requestPollMs } from './events/bounds.ts';
import { coded } from './events/failure.ts';
import { openLog } from './log.ts';
import type { Agent } from './services/agent/agent.ts';
import { aiderAgent } from './services/agent/aider.ts';
import { systemClock } from './services/clock/clock.ts';
import type { Forge } from './services/forge/forge.ts';
import { findGitHubToken } from './services/forge/token.ts';
import { maskOf, type Mask } from './services/process/mask.ts';
import type { DeadLetters } from './services/queue/dead-letters.ts';
import type { Queue } from './services/queue/queue.ts';
import type { SqsSettings } from './services/queue/sqs-client.ts';
import { sqsQueue } from './services/queue/sqs.ts';
import { nativeVerifier } from './services/verifier/native.ts';
import { gitWorkspace } from './services/workspace/git-workspace.ts';
import type { Observer, Runtime } from './worker/runtime.ts';
import { sourcesOnDisk } from './worker/source-files.ts';

/** What the environment keeps secret: the token, and a mask over it and over the AWS credentials. */
export type Secrets = { token: string | undefined; mask: Mask };

export async function findSecrets(
  config: Config,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Secrets> {
  const host = new URL(config.github.serverUrl).host;
  const token = await findGitHubToken({ env: environment, host }, signal);
  const secrets = [token, environment['AWS_SECRET_ACCESS_KEY'], environment['AWS_SESSION_TOKEN']];
  return { token, mask: maskOf(secrets) };
}

export const openQueue = (config: Pick<Config, 'queue'>): Queue => sqsQueue(queueSettings(config));

/** The adapter is loaded here: only an operator's command needs it. */
export async function openDeadLetters(config: Pick<Config, 'queue'>): Promise<DeadLetters> {
  const { sqsDeadLetters } = await import('./services/queue/sqs-dead-letters.ts');
  return sqsDeadLetters(queueSettings(config));
}

function queueSettings(config: Pick<Config, 'queue'>): SqsSettings {
  const { region, endpoint, deadLetterUrl } = config.queue;
  return {
    url: requireQueueUrl(config),
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    ...(deadLetterUrl !== undefined && { deadLetterUrl }),
  };
}

/** Throws `CW-GITHUB-AUTH` without a token. The adapter is loaded here, because a worker needs only one of them. */
export async function openForge(config: Config, { token, mask }: Secrets): Promise<Forge> {
  if (token === undefined) throw coded('CW-GITHUB-AUTH', 'No GitHub token was found.');
  if (config.forge === 'gh') {
    const { ghForge } = await import('./services/forge/gh.ts');
    return ghForge({ host: new URL(config.github.serverUrl).host, token, mask });
  }
  const { octokitForge } = await import('./services/forge/octokit.ts');
  const { apiUrl } = config.github;
  return octokitForge({ apiUrl, token, mask, userAgent: `codingworker/${version}`, spaceWrites: !isLoopback(apiUrl) });
}

/** `scratch` is a folder for this agent alone. Throws `CW-CONFIG-INVALID` when the model server's address is none. */
export const openAgent = ({ agent }: Pick<Config, 'agent'>, mask: Mask, scratch: string): Agent =>
  aiderAgent({
    command: agent.command,
    model: agent.model.replace(/^ollama(_chat)?\//, ''),
    ollamaHost: agent.ollamaHost,
    contextTokens: agent.contextTokens,
    scratch,
    mask,
  });

export const openWorkerLog = (config: Config, mask: Mask, environment: NodeJS.ProcessEnv): Promise<Logger> =>
  openLog({
    level: config.log.level,
    folder: openState(config).logs,
    mask,
    output: process.stdout,
    // An empty value counts as not set (no-color.org).
    colour: !environment['NO_COLOR'],
  });

/** Everything that `runWorker` needs. Throws `CW-CONFIG-INVALID` and `CW-GITHUB-AUTH`. */
export async function composeWorker(
  config: Config,
  secrets: Secrets,
  log: Logger,
  observer: Observer = {},
): Promise<Runtime> {
  refuseBorrowedPackages(config.workspaceDirectory);
  const forge = await openForge(config, secrets);
  const { mask, token = '' } = secrets;
  const state = openState(config);
  return {
    worker: { id: config.workerId, host: hostname(), pid: process.pid, version },
    settings: {
      slots: config.slots,
      leaseSeconds,
      requestPollMs,
      limits: { fixes: fixesMax, retries: retriesMax, retryWaitMs: config.limits.retryWaitMs, retryWaitMaxMs },
      agentRunMs: config.limits.agentRunMs,
      taskMs: config.limits.taskMs,
      contextTokens: config.agent.contextTokens,
      workspaceFolder: config.workspaceDirectory,
      freeDiskMinBytes: config.limits.freeDiskMinBytes,
      locale: config.locale,
      labels: config.labels,
      isAllowed: (repository) => isAllowed(config, repository),
    },
    state,
    queue: openQueue(config),
    workspace: gitWorkspace({
      root: config.workspaceDirectory,
      serverUrl: config.github.serverUrl,
      token,
      author: { name: config.git.authorName, email: config.git.authorEmail },
      mask,
    }),
    agent: openAgent(config, mask, state.agentScratch),
    sources: sourcesOnDisk,
    verifier: nativeVerifier({ mask }),
    forge,
    clock: systemClock,
    mask,
    log,
    observer,
  };
}

/** Node and npm look for packages in every folder above: what is verified there would pass on packages that are not its own. */
function refuseBorrowedPackages(workspaceDirectory: string): void {
  for (let folder = workspaceDirectory; folder !== dirname(folder); folder = dirname(folder)) {
    if (!existsSync(join(folder, 'node_modules'))) continue;
    const problem = `workspaceDirectory: ${workspaceDirectory} is below ${folder}, which has node_modules`;
    throw coded('CW-CONFIG-INVALID', `${problem}; a repository's tests could pass on packages that are not its own.`);
  }
}

/** This package's version. */
export const version = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
).version; // our own file

// GitHub asks for a pause between writes; a server on this machine does not.
const isLoopback = (url: string): boolean => /^(127\.|localhost$|\[::1\]$)/.test(new URL(url).hostname);
