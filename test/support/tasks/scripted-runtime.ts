// A runtime whose ports end as they are told, one ending for each step of the task, and which remembers what was done to the world.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { leaseSeconds } from '../../../src/events/bounds.ts';
import { coded } from '../../../src/events/failure.ts';
import type { JournalRecord } from '../../../src/events/journal-record.ts';
import { systemClock } from '../../../src/services/clock/clock.ts';
import type { Queue } from '../../../src/services/queue/queue.ts';
import type { Runtime } from '../../../src/worker/runtime.ts';
import { sourcesOnDisk } from '../../../src/worker/source-files.ts';
import { StateDirectory } from '../../../src/worker/state-directory.ts';
import { changed, cloned, issueTask, limits, postedComment, published, verified } from './facts.ts';
import type { Ending } from './walk.ts';
import { realMedium } from '../real-medium.ts';

/** Called before each effect with its name; what it throws, the effect throws. */
export type OnEffect = (name: EffectName, signal: AbortSignal) => Promise<void> | void;
export type EffectName =
  | 'clone'
  | 'agent'
  | 'commit'
  | 'restore'
  | 'verify'
  | 'push'
  | 'pull request'
  | 'comment'
  | 'dispose';

export type Scripted = { runtime: Runtime; effects: EffectName[]; remove: () => Promise<void> };

export type ScriptFacts = {
  /** How each step ends, waits not counted; steps beyond them end well. Or what tells at each step how it ends. */
  endings?: readonly Ending[] | (() => Ending);
  onEffect?: OnEffect;
  queue?: Queue;
  /** An existing state directory; a new one otherwise. */
  root?: string;
  /** How the agent writes its transcript; on the real disk otherwise. */
  writeTranscript?: (path: string) => Promise<void>;
  change?: Partial<Runtime>;
};

/** No wait between tries, so that tests do not wait either. */
export const hastyLimits = { ...limits, retryWaitMs: 0 };

/** The endings that these records have not used up yet. */
export const endingsLeft = (endings: readonly Ending[], records: readonly JournalRecord[]): Ending[] =>
  endings.slice(
    records.filter(({ type }) => /\.(done|failed|errored|passed|unverified)$/.test(type) && !type.startsWith('wait.'))
      .length,
  );

export async function scriptedRuntime(facts: ScriptFacts = {}): Promise<Scripted> {
  const root = facts.root ?? (await mkdtemp(join(tmpdir(), 'codingworker-core-')));
  const state = new StateDirectory(root, realMedium);
  await state.prepare();
  const effects: EffectName[] = [];
  const did = async (name: EffectName, signal: AbortSignal): Promise<void> => {
    effects.push(name);
    await facts.onEffect?.(name, signal);
    signal.throwIfAborted();
  };
  const runtime: Runtime = {
    worker: { id: 'test', host: 'here', pid: process.pid, version: '0' },
    settings: {
      slots: 1,
      leaseSeconds,
      requestPollMs: 1000,
      limits: hastyLimits,
      agentRunMs: 1000,
      taskMs: 3_600_000,
      contextTokens: 8192,
      workspaceFolder: join(root, 'workspaces'),
      freeDiskMinBytes: 0,
      locale: 'en',
      labels: { done: 'ai-task-done', failed: 'ai-task-failed' },
      isAllowed: (repository) => repository === issueTask.repository,
    },
    state,
    queue: facts.queue ?? unusedQueue,
    ...(await portsOf(root, facts, did)),
    sources: sourcesOnDisk,
    clock: systemClock,
    mask: (text) => text,
    log: pino({ level: 'silent' }),
    observer: {},
    ...facts.change,
  };
  return { runtime, effects, remove: () => rm(root, { recursive: true, force: true }) };
}

type Ports = Pick<Runtime, 'workspace' | 'agent' | 'verifier' | 'forge'>;

async function portsOf(
  root: string,
  facts: ScriptFacts,
  did: (name: EffectName, signal: AbortSignal) => Promise<void>,
): Promise<Ports> {
  const directory = join(root, 'workspaces', 'copy');
  await mkdir(join(directory, 'src'), { recursive: true });
  await writeFile(join(directory, 'src', 'cart.js'), 'export const total = 0;\n');
  const { endings = [] } = facts;
  const left = typeof endings === 'function' ? [] : [...endings];
  const next = typeof endings === 'function' ? endings : () => left.shift() ?? 'done';
  const writeTranscript = facts.writeTranscript ?? ((path) => writeFile(path, 'edited\n'));
  /** The ending of the step whose decisive effect this is. */
  const end = (): 'done' | 'failed' => {
    const ending = next();
    if (typeof ending === 'string') return ending;
    const { code, message, retryAfterMs } = ending;
    throw coded(code, message, retryAfterMs === undefined ? {} : { retryAfterMs });
  };
  const never = new AbortController().signal;
  const agent = changed().agent;
  return {
    workspace: {
      async clone(_key, signal) {
        await did('clone', signal);
        end();
        return { base: cloned().base, remoteHead: null };
      },
      checkout: async () => directory,
      checkoutBeside: async () => directory,
      async commit(_key, _facts, signal) {
        await did('commit', signal);
        const { head, files } = changed();
        return { commit: head, changed: true, files, deleted: [] };
      },
      bundle: async () => Buffer.from('commits'),
      restore: (_key, _facts, signal) => did('restore', signal),
      async push(_key, _facts, signal) {
        await did('push', signal);
        end();
      },
      deleteRemoteBranch: async () => false,
      dispose: () => did('dispose', never),
    },
    agent: {
      identify: async () => agent,
      async run({ recordsDirectory }, signal) {
        await did('agent', signal);
        const transcript = join(recordsDirectory, 'transcript.log');
        await writeTranscript(transcript);
        end();
        return { agent, transcript };
      },
    },
    verifier: {
      async verify(_request, signal) {
        await did('verify', signal);
        const { verdict, steps, notOffered } = verified(end() === 'failed' ? 'failed' : 'passed');
        return { verdict, steps, notOffered };
      },
    },
    forge: {
      viewer: async () => 'codingworker',
      getIssue: () => Promise.reject(new Error('No step asks for the issue.')),
      findOpenPullRequest: async () => undefined,
      findPullRequests: async () => [],
      async ensurePullRequest({ headBranch, body }, signal) {
        await did('pull request', signal);
        return { ...published().pullRequest, state: 'open', headBranch, headCommit: changed().head, body };
      },
      async ensureComment(_repository, _number, _marker, _body, signal) {
        await did('comment', signal);
        end();
        return postedComment;
      },
      findComment: async () => undefined,
      changeLabels: async () => {},
    },
  };
}

const unused = (): Promise<never> => Promise.reject(new Error('This test has no queue.'));
const unusedQueue: Queue = { receive: unused, extend: unused, delete: unused, park: unused, send: unused };
