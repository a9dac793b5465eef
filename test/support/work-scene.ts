// One worker that is started, killed and started again in a world of its own: with the quick agent, short waits, and trouble at the queue on demand.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import type { JournalRecord } from '../../src/events/journal-record.ts';
import { parseTaskMessage } from '../../src/events/task-message.ts';
import { taskOf } from '../../src/events/task.ts';
import { readJournal } from '../../src/services/journal/read-journal.ts';
import { sqsQueue } from '../../src/services/queue/sqs.ts';
import { StateDirectory } from '../../src/worker/state-directory.ts';
import { installQuickAgent, type QuickAgent } from './quick-agent/quick-agent.ts';
import { oneFix, type Story } from './quick-agent/stories.ts';
import { startSqsProxy, type SqsProxy } from './sqs/sqs-proxy.ts';
import { makeHome, startWorker, until, workerFile, type Home, type WorkerProcess } from './worker-process.ts';
import { issueMessage, startWorld, type FiledIssue, type World, type WorldFacts } from './world.ts';
import { realMedium } from './real-medium.ts';

export type Filed = { repository: string; number: number; taskId: string; text: string };

export type WorkScene = {
  world: World;
  queue: SqsProxy;
  home: Home;
  agent: QuickAgent;
  /** Makes `acme/<name>` if there is none, and files the story's issue in it; sends nothing. */
  file: (name: string) => Promise<Filed>;
  /** The message of another trigger for the same issue. */
  again: (filed: Filed) => Filed;
  send: (text: string) => Promise<void>;
  /** Starts a worker; whatever is left of it is killed with the test. */
  start: (environment?: Record<string, string>) => WorkerProcess;
  /** What `start` would run, for who starts it in another way. */
  command: () => { command: string[]; environment: Record<string, string> };
  records: (taskId: string) => Promise<JournalRecord[]>;
  /** The task's records as soon as there is one of this type. */
  recorded: (taskId: string, type: JournalRecord['type'], times?: number) => Promise<JournalRecord[]>;
  /** Waits until the task's journal is in done/. */
  archived: (taskId: string) => Promise<void>;
  /** Waits until the queue holds nothing that is `text`. */
  gone: (text: string) => Promise<void>;
  /** What the workers said so far, for a failing test. */
  said: () => string;
};

/** Everything in it ends with the test. `config` is merged over codingworker.yaml with the quick agent. */
export async function workScene({
  story = oneFix,
  config = {},
  world: facts = {},
}: SceneFacts = {}): Promise<WorkScene> {
  const world = await startWorld(facts);
  const queue = await startSqsProxy(world.sqs.endpoint);
  const home = await makeHome(world);
  const workers: WorkerProcess[] = [];
  onTestFinished(async () => {
    await Promise.all(workers.map((worker) => worker.stop('SIGKILL')));
    await queue.close();
    await world.close();
    await home.remove();
  });
  const agent = await installQuickAgent(join(home.folder, 'agent'), story.edits);
  const settings = { agent: { command: agent.command }, limits: { retryWaitSeconds: 0.05 }, ...config };
  await writeFile(join(home.folder, 'codingworker.yaml'), stringify(settings));
  await mkdir(join(home.folder, 'tmp'));
  const places = { TMPDIR: join(home.folder, 'tmp'), AWS_ENDPOINT_URL_SQS: queue.endpoint };
  const repositories = new Set<string>();
  // The SDK finds its credentials in the environment.
  Object.assign(process.env, world.sqs.environment);
  const sender = sqsQueue({ url: world.sqs.queueUrl });
  const state = new StateDirectory(home.state, realMedium);
  const records = async (taskId: string): Promise<JournalRecord[]> => {
    // It moves from active/ to done/ at its end, and is not there at first.
    const bytes = await readFile(state.journal(taskId)).catch(async () => {
      const path = await state.findEnded(taskId);
      return path === undefined ? Buffer.alloc(0) : readFile(path);
    });
    return readJournal(bytes, taskId).records;
  };
  const said = (): string => workers.map((worker) => worker.output()).join('\n--- started again\n');

  return {
    world,
    queue,
    home,
    agent,
    records,
    said,
    async file(name) {
      const repository = `acme/${name}`;
      if (!repositories.has(repository)) {
        await world.github.createRepository({ fullName: repository, files: story.files });
        repositories.add(repository);
      }
      const { number } = world.github.createIssue(repository, { ...story.issue, labels: ['ai-task'], author: 'mei' });
      return messageFor({ repository, number, ...story.issue });
    },
    again: ({ repository, number }) => messageFor({ repository, number, ...story.issue }),
    send: async (text) => void (await sender.send(text, new AbortController().signal)),
    command: () => ({ command: [process.execPath, workerFile], environment: { ...home.environment, ...places } }),
    start(environment = {}) {
      const worker = startWorker(home, { ...places, ...environment });
      workers.push(worker);
      return worker;
    },
    recorded: (taskId, type, times = 1) =>
      until(
        async () => {
          const found = await records(taskId);
          return found.filter((record) => record.type === type).length >= times ? found : undefined;
        },
        () => `no ${type} for ${taskId}.\n${said()}`,
        30_000,
        5,
      ),
    async archived(taskId) {
      await until(
        () => state.findEnded(taskId),
        () => `${taskId} is not in done/.\n${said()}`,
      );
    },
    async gone(text) {
      await until(
        async () => ((await world.sqs.messages()).some(({ body }) => body === text) ? undefined : true),
        () => `the message is still in the queue.\n${said()}`,
      );
    },
  };
}

/** With a delivery of its own each time. */
function messageFor(issue: FiledIssue): Filed {
  const text = issueMessage(issue);
  const { repository, number } = issue;
  return { repository, number, taskId: taskOf(parseTaskMessage(text)).id, text };
}

type SceneFacts = { story?: Story; config?: Record<string, unknown>; world?: WorldFacts };
