// A worker in this process with a stub agent, in a world of its own, and a repository with an issue to work on.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { composeWorker, findSecrets, openQueue } from '../../../src/compose.ts';
import { loadConfig } from '../../../src/config.ts';
import { openLog } from '../../../src/log.ts';
import type { Mask } from '../../../src/services/process/mask.ts';
import type { Observer } from '../../../src/worker/runtime.ts';
import { runWorker } from '../../../src/worker/worker.ts';
import { stubAgent } from '../stub-agent.ts';
import { issueMessage, startWorld, type World } from '../world.ts';

export const repository = 'acme/notes';

const files = {
  'package.json': JSON.stringify({ name: 'notes', private: true, scripts: { test: 'node check.js' } }),
  'check.js': 'console.log("checked");\n',
  'notes.js': 'module.exports = [];\n',
};

export type WorkerScene = {
  world: World;
  /** Points a worker at this world, with folders of its own; nothing of the user's own environment but PATH and HOME. */
  environment: NodeJS.ProcessEnv;
  /** Files an issue and sends its message. */
  file: (issue: { title: string; body: string }) => Promise<number>;
  /** Runs a worker until one task has ended. */
  workOneTask: (observe: (mask: Mask) => Observer) => Promise<void>;
};

/** Everything in it ends with the test. */
export async function workerScene(): Promise<WorkerScene> {
  const world = await startWorld();
  const folder = await mkdtemp(join(tmpdir(), 'worker-scene-'));
  onTestFinished(async () => {
    await world.close();
    await rm(folder, { recursive: true, force: true });
  });
  await world.github.createRepository({ fullName: repository, files });
  const environment = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    ...world.environment,
    CODINGWORKER_STATE_DIR: join(folder, 'state'),
    CODINGWORKER_CONFIG: join(folder, 'codingworker.yaml'),
  };
  await writeFile(environment.CODINGWORKER_CONFIG, `workspaceDirectory: ${join(folder, 'workspaces')}\n`);
  // The SDK reads its credentials from the process's own environment.
  Object.assign(process.env, world.sqs.environment);
  const config = await loadConfig({ environment, workingDirectory: folder });
  const signal = new AbortController().signal;

  return {
    world,
    environment,
    async file(issue) {
      const { number } = world.github.createIssue(repository, { ...issue, labels: ['ai-task'], author: 'mei' });
      await openQueue(config).send(issueMessage({ repository, number, ...issue }), signal);
      return number;
    },
    async workOneTask(observe) {
      const done = new AbortController();
      const secrets = await findSecrets(config, environment, signal);
      const log = await openLog({ level: 'silent', mask: secrets.mask });
      const observer = { ...observe(secrets.mask), onEnded: () => done.abort(new Error('the task has ended')) };
      const runtime = await composeWorker(config, secrets, log, observer);
      const agent = stubAgent(({ directory }) => writeFile(join(directory, 'notes.js'), 'module.exports = [1];\n'));
      await runWorker({ ...runtime, agent }, done.signal);
    },
  };
}
