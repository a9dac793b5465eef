// The main job on real parts: SQS over HTTP, git over HTTP, real Aider, a real test run, REST; the worker as its own process.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readScenario } from '../support/scenario.ts';
import { journalsIn, makeHome, startWorker, until, type Home, type WorkerProcess } from '../support/worker-process.ts';
import { issueMessage, startWorld, type World } from '../support/world.ts';
import { sqsQueue } from '../../src/services/queue/sqs.ts';

let world: World;
let home: Home;
let worker: WorkerProcess;

beforeAll(async () => {
  const scenario = await readScenario('one-fix');
  world = await startWorld({ script: scenario.script });
  await world.github.createRepository({ fullName: scenario.repository, files: scenario.files });
  world.github.createIssue(scenario.repository, { ...scenario.issue, labels: ['ai-task'], author: 'mei' });
  home = await makeHome(world);
  worker = startWorker(home);
  Object.assign(process.env, world.sqs.environment);
  const queue = sqsQueue({ url: world.sqs.queueUrl });
  const message = issueMessage({ repository: scenario.repository, number: 1, ...scenario.issue });
  await queue.send(message, new AbortController().signal);
  await until(
    async () => {
      const [records] = [...(await journalsIn(home)).values()];
      return records?.at(-1)?.type === 'message.settled' ? true : undefined;
    },
    () => worker.output(),
  );
});

afterAll(async () => {
  await worker?.stop('SIGKILL');
  await world?.close();
  await home?.remove();
});

test('a labelled issue becomes one pull request that closes it, after one fix', async () => {
  const pulls = await world.github.pulls('acme/shop');
  expect(pulls).toHaveLength(1);
  expect(pulls[0]).toMatchObject({ state: 'open', headBranch: 'ai/issue-1', baseBranch: 'main', closes: [1] });
  expect(pulls[0]?.body).toContain('| `npm run test` | 0 |');
  expect(world.github.issue('acme/shop', 1).labels).toContain('ai-task-done');
  expect(world.github.comments('acme/shop', 1)).toEqual([]);
});

test('the journal tells the run, and nothing is left in the queues', async () => {
  const [records] = [...(await journalsIn(home)).values()];
  expect(records?.map(({ type }) => type)).toEqual([
    'task.accepted',
    'task.claimed',
    'clone.done',
    'generate.done',
    'tests.done',
    'verify.failed',
    'fix.done',
    'verify.passed',
    'publish.done',
    'message.settled',
  ]);
  expect(await world.sqs.messages()).toEqual([]);
  expect(await world.sqs.deadLetters()).toEqual([]);
});

test('the worker stops at SIGTERM', async () => {
  expect(await worker.stop('SIGTERM')).toBe(0);
});
