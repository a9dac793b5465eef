// One task in a queue and a repository of its own, and the homes of the workers that may take it. Many scenes share one world.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import type { JournalRecord } from '../../../src/events/journal-record.ts';
import { parseTaskMessage } from '../../../src/events/task-message.ts';
import { taskOf, type Task } from '../../../src/events/task.ts';
import { readJournal } from '../../../src/services/journal/read-journal.ts';
import { sqsQueue } from '../../../src/services/queue/sqs.ts';
import { StateDirectory } from '../../../src/worker/state-directory.ts';
import { installQuickAgent, type QuickAgent } from '../quick-agent/quick-agent.ts';
import { realMedium } from '../real-medium.ts';
import type { QueueStandIn } from '../sqs/sqs.ts';
import { makeHome, startWorker, type WorkerProcess } from '../worker-process.ts';
import type { World } from '../world.ts';
import type { CrashPath } from './paths.ts';
import { ordersToEnvironment, type Orders } from './points.ts';

const struckWorker = fileURLToPath(new URL('./worker.ts', import.meta.url));

/** State, working copies, temporary files and agent of one worker. */
export type CrashHome = {
  folder: string;
  state: StateDirectory;
  agent: QuickAgent;
  /** A worker that strikes itself as told; without orders, the shipped one. */
  start: (orders?: Omit<Orders, 'log'>) => WorkerProcess;
  /** The names of the points that its struck workers passed. */
  passed: () => Promise<string[]>;
  /** The task's records; none when it knows no journal of it. */
  records: () => Promise<JournalRecord[]>;
  /** Whether no task is unfinished here. */
  isIdle: () => Promise<boolean>;
};

export type CrashScene = {
  world: World;
  path: CrashPath;
  repository: string;
  queue: QueueStandIn;
  task: Task;
  /** The message's text. */
  text: string;
  homes: CrashHome[];
  /** Makes another home. */
  addHome: () => Promise<CrashHome>;
  /** What its workers said so far. */
  said: () => string;
  /** Kills what is left and removes its files. */
  close: () => Promise<void>;
};

/** `name` is the scene's own in this world. The message lies in the queue when it resolves; no worker runs. */
export async function crashScene(world: World, path: CrashPath, name: string): Promise<CrashScene> {
  const repository = `acme/${name}`;
  const [queue] = await Promise.all([
    world.sqs.addQueue(name),
    world.github.createRepository({ fullName: repository, files: path.story.files }),
  ]);
  // GitHub's hourly limit is a token's.
  const token = world.github.addToken({ permission: 'write', login: 'codingworker-bot' });
  const text = await path.file({ github: world.github, repository });
  const { endpoint, region } = world.sqs;
  await sqsQueue({ url: queue.queueUrl, endpoint, region }).send(text, new AbortController().signal);
  const task = taskOf(parseTaskMessage(text));
  const homes: CrashHome[] = [];
  const workers: WorkerProcess[] = [];
  return {
    world,
    path,
    repository,
    queue,
    task,
    text,
    homes,
    async addHome() {
      const environment = { GITHUB_TOKEN: token, CODINGWORKER_QUEUE_URL: queue.queueUrl };
      const home = await crashHome(world, { path, taskId: task.id, environment, workers });
      homes.push(home);
      return home;
    },
    said: () => workers.map((worker) => worker.output()).join('\n--- started again\n'),
    async close() {
      await Promise.all(workers.map((worker) => worker.stop('SIGKILL')));
      await Promise.all(homes.map(({ folder }) => rm(folder, { recursive: true, force: true, maxRetries: 5 })));
    },
  };
}

type HomeFacts = { path: CrashPath; taskId: string; environment: Record<string, string>; workers: WorkerProcess[] };

async function crashHome(world: World, { path, taskId, environment, workers }: HomeFacts): Promise<CrashHome> {
  const home = await makeHome(world);
  const agent = await installQuickAgent(join(home.folder, 'agent'), path.story.edits);
  const settings = { agent: { command: agent.command }, limits: { retryWaitSeconds: 0.05 } };
  await writeFile(join(home.folder, 'codingworker.yaml'), stringify(settings));
  await mkdir(join(home.folder, 'tmp'));
  const places = { ...environment, TMPDIR: join(home.folder, 'tmp') };
  const log = join(home.folder, 'points.txt');
  const state = new StateDirectory(home.state, realMedium);
  return {
    folder: home.folder,
    state,
    agent,
    start(orders) {
      const told = orders && ordersToEnvironment({ log, ...orders });
      const worker = startWorker(home, { ...places, ...told }, orders && struckWorker);
      workers.push(worker);
      return worker;
    },
    passed: async () => (await readFile(log, 'utf8').catch(() => '')).split('\n').slice(0, -1),
    async records() {
      // It moves from active/ to done/ at its end.
      const bytes = await readFile(state.journal(taskId)).catch(async () => {
        const ended = await state.findEnded(taskId);
        return ended === undefined ? Buffer.alloc(0) : readFile(ended);
      });
      return readJournal(bytes, taskId).records;
    },
    isIdle: async () => {
      const names = await readdir(join(home.state, 'active')).catch(() => []);
      return names.every((name) => !name.endsWith('.jsonl'));
    },
  };
}
