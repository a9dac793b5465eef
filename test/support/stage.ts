// One world and one real worker process in it, with an agent that edits at once, for the cases of one test file. Cases run side by side in its slots.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JournalRecord } from '../../src/events/journal-record.ts';
import { parseTaskMessage } from '../../src/events/task-message.ts';
import { taskOf } from '../../src/events/task.ts';
import { readJournal } from '../../src/services/journal/read-journal.ts';
import { sqsQueue } from '../../src/services/queue/sqs.ts';
import { fakeAider } from './fake-aider/fake-aider.ts';
import type { RepositoryFacts } from './github/github.ts';
import { StateDirectory } from '../../src/worker/state-directory.ts';
import type { QueuedMessage } from './sqs/inspection.ts';
import { makeHome, startWorker, until, type Home, type WorkerProcess } from './worker-process.ts';
import { issueMessage, startWorld, type World, type WorldFacts } from './world.ts';
import { realMedium } from './real-medium.ts';

/** An issue that was filed, and the message that asks for it. */
export type Filed = { repository: string; number: number; taskId: string; text: string };

export type Case = Partial<Omit<RepositoryFacts, 'fullName'>> & {
  /** The repository is `acme/<name>`. */
  name: string;
  title?: string;
  body?: string;
};

export type Stage = {
  world: World;
  home: Home;
  /** The one that runs now. */
  readonly worker: WorkerProcess;
  /** Stops the worker and starts one with the world's own environment and `environment`. */
  restart(environment?: Record<string, string>): Promise<void>;
  /** Makes the repository with its one issue; sends nothing. */
  file(facts: Case): Promise<Filed>;
  send(text: string): Promise<void>;
  /** The same issue, asked for once more: another task. */
  again(filed: Filed): Filed;
  /** Ends the time for which a released message is kept from everybody. */
  comesBack(filed: Filed): Promise<void>;
  /** The task's records once its message was settled for the n-th time, 1 if not said. */
  settled(filed: Filed, times?: number): Promise<JournalRecord[]>;
  records(filed: Filed): Promise<JournalRecord[]>;
  /** The task's message, once SQS has moved it to the dead-letter queue. */
  inDeadLetters(filed: Filed): Promise<QueuedMessage>;
  /** Sends the same message again, as SQS may, and waits until the worker has dealt with it. */
  redeliver(filed: Filed): Promise<void>;
  close(): Promise<void>;
};

/** A repository whose one test passes. */
export const greeter = {
  'package.json': JSON.stringify({ name: 'greeter', type: 'module', scripts: { test: 'node --test' } }),
  'src/greet.js': 'export const greet = (name) => `Hello ${name}`;\n',
  'test/greet.test.js':
    "import { test } from 'node:test';\nimport { equal } from 'node:assert/strict';\nimport { greet } from '../src/greet.js';\ntest('greets', () => equal(greet('you'), 'Hello you'));\n",
};

type StageFacts = WorldFacts & {
  /** Added to the worker's. */
  environment?: Record<string, string>;
  /** Puts into the home's folder what the worker shall find there. */
  prepare?: (folder: string) => Promise<void>;
};

/** `config` is merged over one with four slots, short waits and the fast agent. */
export async function startStage(
  config: Record<string, unknown> = {},
  { environment = {}, prepare, ...facts }: StageFacts = {},
): Promise<Stage> {
  const world = await startWorld(facts);
  const fast = { slots: 4, agent: { command: fakeAider }, limits: { retryWaitSeconds: 0.05 } };
  const home = await makeHome(world, { ...fast, ...config });
  await prepare?.(home.folder);
  let worker = startWorker(home, environment);
  const queue = sqsQueue({ url: world.sqs.queueUrl, region: world.sqs.region });
  Object.assign(process.env, world.sqs.environment);
  const never = new AbortController().signal;
  const send = async (text: string): Promise<void> => void (await queue.send(text, never));
  const filedAs = (repository: string, number: number, text: string): Filed => {
    return { repository, number, text, taskId: taskOf(parseTaskMessage(text)).id };
  };
  const records = (filed: Filed): Promise<JournalRecord[]> => recordsOf(home, filed.taskId);

  return {
    world,
    home,
    get worker() {
      return worker;
    },
    async restart(changed = {}) {
      await worker.stop();
      worker = startWorker(home, changed);
    },
    send,
    records,
    async file({ name, title = 'Greet politely', body = 'Please change greet.', ...repository }) {
      const fullName = `acme/${name}`;
      await world.github.createRepository({ fullName, files: greeter, ...repository });
      const issue = world.github.createIssue(fullName, { title, body, labels: ['ai-task'], author: 'mei' });
      const text = issueMessage({ repository: fullName, number: issue.number, title, body });
      return filedAs(fullName, issue.number, text);
    },
    again({ repository, number }) {
      const { title, body } = world.github.issue(repository, number);
      return filedAs(repository, number, issueMessage({ repository, number, title, body }));
    },
    comesBack: ({ text }) => world.sqs.expireLeases(text),
    settled: (filed, times = 1) =>
      until(
        async () => {
          const found = await records(filed);
          return found.filter(({ type }) => type === 'message.settled').length >= times ? found : undefined;
        },
        () => `${filed.repository} is not settled.\n${worker.output()}`,
      ),
    inDeadLetters: ({ text, repository }) =>
      until(
        async () => (await world.sqs.deadLetters()).find(({ body }) => body === text),
        () => `${repository} is not in the dead-letter queue.\n${worker.output()}`,
      ),
    async redeliver({ text }) {
      await send(text);
      await until(
        async () => ((await world.sqs.messages()).some(({ body }) => body === text) ? undefined : true),
        () => worker.output(),
      );
    },
    async close() {
      await worker.stop('SIGKILL');
      await world.close();
      await home.remove();
    },
  };
}

/** Also while the journal moves from active/ to done/, and before it is there. */
async function recordsOf(home: Home, taskId: string): Promise<JournalRecord[]> {
  const state = new StateDirectory(home.state, realMedium);
  const active = join(home.state, 'active', `${taskId}.jsonl`);
  const bytes = await readFile(active).catch(async () => {
    const ended = await state.findEnded(taskId);
    return ended === undefined ? Buffer.alloc(0) : readFile(ended);
  });
  return readJournal(bytes, taskId).records;
}
