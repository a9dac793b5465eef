// `enqueue` as a person runs it: an issue by its reference becomes a task that the worker takes, or one line says why not.
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { failureCatalogue, type FailureCode } from '../../src/events/failure-codes.ts';
import { parseTaskMessage, type TaskMessage } from '../../src/events/task-message.ts';
import { taskOf } from '../../src/events/task.ts';
import { expectPublished } from '../support/endings.ts';
import { startStage, type Filed, type Stage } from '../support/stage.ts';
import { until } from '../support/worker-process.ts';

const enqueueFile = fileURLToPath(new URL('../../src/cli/enqueue.ts', import.meta.url));
const withoutToken = { GITHUB_TOKEN: '', GH_TOKEN: '' };

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});

afterAll(() => stage.close());

async function enqueue(args: readonly string[], extra: Record<string, string> = {}) {
  const { folder, environment } = stage.home;
  const env = { ...environment, ...extra };
  return execa(process.execPath, [enqueueFile, ...args], { cwd: folder, env, extendEnv: false, reject: false });
}

/** The task that the worker accepted under the id that `enqueue` printed, with the message as it must have been. */
async function expectTaken(said: string, filed: Filed): Promise<{ filed: Filed; message: TaskMessage }> {
  const taskId = / as task (\S+) /.exec(said)?.[1] ?? '';
  expect(said).toMatch(new RegExp(`^Queued ${filed.repository}#${filed.number} as task \\S+ \\(message \\S+\\)\\.$`));
  const accepted = await until(
    async () => (await stage.records({ ...filed, taskId })).find((record) => record.type === 'task.accepted'),
    () => stage.worker.output(),
  );
  const { task } = accepted.data;
  const text = JSON.stringify({ ...(JSON.parse(filed.text) as object), title: task.title, body: task.body }); // ours
  const message = parseTaskMessage(text);
  // Each call is a trigger of its own.
  const ownTrigger = { id: '', createdAt: '', deliveryId: '' };
  expect({ ...taskOf(message), ...ownTrigger }).toEqual({ ...task, ...ownTrigger });
  return { filed: { ...filed, taskId }, message };
}

test.concurrent('title, text, labels and author come from GitHub, and the worker takes the task', async () => {
  const body = 'Please change greet.\n\n日本語 🎉 `-x`';
  const asked = await stage.file({ name: 'from-github', title: '--dashes and "quotes"', body });
  const { stdout, exitCode } = await enqueue([`${asked.repository}#${asked.number}`]);
  expect(exitCode).toBe(0);
  const { filed, message } = await expectTaken(stdout, asked);
  expect(message).toMatchObject({ title: '--dashes and "quotes"', body, labels: ['ai-task'], issue_author: 'mei' });
  await stage.settled(filed);
  expect(await stage.world.github.pulls(filed.repository)).toHaveLength(1);
});

test.concurrent('with a title no token is needed, and GitHub is not asked', async () => {
  const asked = await stage.file({ name: 'given' });
  const args = [`${asked.repository}#1`, '--title', 'Another title', '--body', 'Please change greet.'];
  const { stdout, exitCode } = await enqueue(args, {
    ...withoutToken,
    GITHUB_API_URL: 'http://127.0.0.1:9',
    GITHUB_SERVER_URL: 'http://127.0.0.1:9',
  });
  expect(exitCode).toBe(0);
  const taskId = / as task (\S+) /.exec(stdout)?.[1] ?? '';
  await stage.settled({ ...asked, taskId });
  const [pull] = await stage.world.github.pulls(asked.repository);
  expect(pull?.title).toContain('Another title');
});

test.concurrent('enqueued twice, it is two tasks', async () => {
  const asked = await stage.file({ name: 'twice' });
  const args = [`${asked.repository}#1`, '--title', 'T'];
  const ids = [await enqueue(args), await enqueue(args)].map(({ stdout }) => / as task (\S+) /.exec(stdout)?.[1]);
  expect(new Set(ids).size).toBe(2);
});

const refused: readonly [args: string[], code: FailureCode, extra?: Record<string, string>][] = [
  [['nonsense'], 'CW-ISSUE-REFERENCE'],
  [['acme/shop'], 'CW-ISSUE-REFERENCE'],
  [['acme/shop#0'], 'CW-ISSUE-REFERENCE'],
  [['acme/shop#1x'], 'CW-ISSUE-REFERENCE'],
  [['acme#1'], 'CW-ISSUE-REFERENCE'],
  [['https://github.com/acme/shop#1'], 'CW-ISSUE-REFERENCE'],
  [['--', '-acme/shop#1'], 'CW-ISSUE-REFERENCE'],
  [['acme/shop#1', '--title', 'x'.repeat(257)], 'CW-MESSAGE-INVALID'],
  [['acme/none#1'], 'CW-GITHUB-NOT-FOUND'],
  [['acme/issueless#7'], 'CW-GITHUB-NOT-FOUND'],
  [['acme/none#1'], 'CW-GITHUB-AUTH', withoutToken],
  [['acme/none#1'], 'CW-GITHUB-AUTH', { GITHUB_TOKEN: 'ghp_wrong' }],
  [['acme/none#1'], 'CW-CONFIG-INVALID', { CODINGWORKER_QUEUE_URL: '' }],
  [['acme/none#1', '--title', 'T'], 'CW-QUEUE-AUTH', { AWS_ACCESS_KEY_ID: 'AKIAWRONG' }],
];

test.concurrent.each(refused)('%s is refused with %s', async (args, code, extra = {}) => {
  const { exitCode, stdout, stderr } = await enqueue(args, extra);
  expect(exitCode).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain(`${code}: `);
  expect(stderr).toContain(failureCatalogue[code].hint.en);
  expect(stderr).not.toContain('    at ');
});

test.concurrent('a pull request is no issue', async () => {
  const asked = await stage.file({ name: 'pull' });
  await stage.send(asked.text);
  const pull = await expectPublished(stage, asked);
  const { exitCode, stderr } = await enqueue([`${asked.repository}#${pull.number}`]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain(`CW-ISSUE-REFERENCE: ${asked.repository}#${pull.number} is a pull request.`);
});

test('what was refused queued nothing, and the worker works on', async () => {
  const filed = await stage.file({ name: 'last' });
  await stage.send(filed.text);
  await expectPublished(stage, filed);
  expect(await stage.world.sqs.deadLetters()).toEqual([]);
});
