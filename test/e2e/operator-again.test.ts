// The operator looks at tasks and at the dead-letter queue, and sets going again what came to nothing.
import { expect, test } from 'vitest';
import { expectOneEnding } from '../support/one-ending.ts';
import { hopeless } from '../support/quick-agent/stories.ts';
import { runProgram } from '../support/run-program.ts';
import { until } from '../support/worker-process.ts';
import { workScene, type Filed, type WorkScene } from '../support/work-scene.ts';

type Row = {
  id: string;
  issue: string;
  state: string;
  fixes: number;
  failure: { code: string } | null;
  ended: boolean;
};
const rowsOf = (out: string): Row[] =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row); // our own output

test('tasks lists those in work before those that ended, with state, fixes and what last went wrong', async () => {
  const scene = await workScene({ config: { slots: 2 } });
  expect(await runProgram('tasks', scene.home)).toMatchObject({
    status: 0,
    out: expect.stringContaining('No task in'),
  });
  const ended = await scene.file('greeter');
  scene.start();
  await scene.send(ended.text);
  await scene.archived(ended.taskId);
  await scene.agent.hold('generate');
  const running = await scene.file('other');
  await scene.send(running.text);
  await scene.recorded(running.taskId, 'clone.done');
  const { out } = await runProgram('tasks', scene.home, '--json');
  expect(rowsOf(out)).toMatchObject([
    { id: running.taskId, issue: 'acme/other#1', state: 'generating', fixes: 0, failure: null, ended: false },
    {
      id: ended.taskId,
      issue: 'acme/greeter#1',
      state: 'published',
      fixes: 1,
      failure: { code: 'CW-VERIFY-TEST' },
      ended: true,
    },
  ]);
  const table = (await runProgram('tasks', scene.home, '--ended', '0')).out;
  expect(table).toContain(running.taskId);
  expect(table).not.toContain(ended.taskId);
});

test('retry does a failed task anew as a task of its own, and refuses one that runs, is published or unknown', async () => {
  const scene = await workScene({ story: hopeless });
  const filed = await scene.file('greeter');
  scene.start();
  await scene.send(filed.text);
  await expectOneEnding(scene, filed, 'failed-permanent');
  await scene.agent.hold('generate');
  const { status, out } = await runProgram('retry', scene.home, filed.taskId);
  expect(status).toBe(0);
  const again = /anew as task (\S+) /.exec(out)?.[1] ?? '';
  expect(again).not.toBe(filed.taskId);
  await scene.recorded(again, 'clone.done');
  expect((await runProgram('retry', scene.home, again)).err).toMatch(/^CW-TASK-ACTIVE: .*generating\.\n {2}→ /);
  await scene.agent.release('generate');
  await scene.archived(again);
  expect((await scene.records(again)).at(-2)).toMatchObject({ type: 'report.done' });
  expect((await runProgram('retry', scene.home, 'acme-none-1-0000000000')).err).toMatch(/^CW-JOURNAL-NOT-FOUND: /);
});

test('retry refuses a task that has its pull request', async () => {
  const scene = await workScene();
  const filed = await scene.file('greeter');
  scene.start();
  await scene.send(filed.text);
  await expectOneEnding(scene, filed, 'published');
  const { status, err } = await runProgram('retry', scene.home, filed.taskId);
  expect([status, err]).toEqual([1, expect.stringMatching(/^CW-TASK-ENDED: .* ended with a pull request\.\n/)]);
  expect(await scene.world.sqs.messages()).toEqual([]);
});

test('retry lets a released task go on now where it was given up, and its first message ends with it', async () => {
  const scene = await workScene();
  const filed = await released(scene);
  expect((await runProgram('retry', scene.home, filed.taskId)).out).toContain('to go on where it was given up');
  await scene.archived(filed.taskId);
  await scene.world.sqs.expireLeases();
  await expectOneEnding(scene, filed, 'published');
  expect(await scene.agent.starts(filed.taskId)).toEqual(['generate', 'tests', 'fix-1']);
});

test('dlq lists what was parked and why, shows one message, and uses nothing up', async () => {
  const scene = await workScene();
  scene.start();
  const body = '{"title":"no task","n":1}';
  await scene.send(body);
  await scene.gone(body);
  const listed = await runProgram('dlq', scene.home, 'list');
  const messageId = (await scene.world.sqs.deadLetters())[0]?.messageId ?? '';
  expect(listed.out).toContain(`${messageId}  `);
  expect(listed.out).toContain(
    'no task\n      CW-MESSAGE-INVALID: The message is not a task: issue_number: is missing; ',
  );
  const shown = await runProgram('dlq', scene.home, 'show', messageId);
  expect(shown.err).toBe('');
  expect(shown.out.endsWith(`\n\n${body}\n`)).toBe(true);
  const short = await runProgram('dlq', scene.home, 'show', messageId.slice(0, 8));
  expect(short).toMatchObject({ status: 1, err: expect.stringContaining(` Did you mean ${messageId}?\n`) });
  const json = await runProgram('dlq', scene.home, 'show', messageId, '--json');
  expect(JSON.parse(json.out)).toMatchObject({ message: messageId, task: null, code: 'CW-MESSAGE-INVALID', body });
  expect(await scene.world.sqs.deadLetters()).toMatchObject([{ messageId, state: 'ready' }]);
});

test('dlq refuses what it cannot do: a message that is not there, neither message nor --all, both', async () => {
  const scene = await workScene();
  for (const args of [
    ['show', 'none'],
    ['redrive', 'none'],
  ]) {
    const { status, err } = await runProgram('dlq', scene.home, ...args);
    expect([status, err]).toEqual([1, expect.stringMatching(/^CW-QUEUE-NO-SUCH-MESSAGE: .*"none" now\.\n {2}→ /)]);
  }
  for (const args of [['redrive'], ['redrive', 'x', '--all']]) {
    const { status, err } = await runProgram('dlq', scene.home, ...args);
    expect([status, err]).toEqual([1, 'error: name one message, or give --all\n']);
  }
});

test('a released task that SQS moved to the dead-letter queue goes on where it was given up after dlq redrive', async () => {
  const scene = await workScene();
  const filed = await released(scene, 12);
  for (const times of [2, 3]) {
    await scene.world.sqs.expireLeases();
    await scene.recorded(filed.taskId, 'message.settled', times);
  }
  await scene.world.sqs.expireLeases();
  // The fourth receive is the one that moves it.
  const listed = await until(
    async () => {
      const found = await runProgram('dlq', scene.home, 'list');
      return found.out.includes(filed.taskId) ? found : undefined;
    },
    () => scene.said(),
  );
  expect(listed.out).toContain('received as often as the queue allows');
  const moved = await runProgram('dlq', scene.home, 'redrive', filed.taskId);
  expect(moved).toMatchObject({ status: 0, out: '1 message is back in the queue.\n' });
  await expectOneEnding(scene, filed, 'published');
  expect(await scene.agent.starts(filed.taskId)).toEqual(['generate', 'tests', 'fix-1']);
});

/** A task that was given up at its publication: after one try and three repetitions, each time that its message came. */
async function released(scene: WorkScene, times = 4): Promise<Filed> {
  const filed = await scene.file('greeter');
  scene.world.github.fail({ method: 'POST', path: /\/pulls$/ }, { status: 503, times });
  scene.start();
  await scene.send(filed.text);
  await scene.recorded(filed.taskId, 'message.settled');
  return filed;
}
