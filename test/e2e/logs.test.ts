// What the worker says: to programs, to people, into its files, and what it never says.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { hopeless } from '../support/quick-agent/stories.ts';
import { workScene, type WorkScene } from '../support/work-scene.ts';
import { until } from '../support/worker-process.ts';

/** A line of the log as it is in a pipe or file. */
type Line = { level: number; time: string; msg: string; task?: string; state?: string };

const linesOf = (output: string): Line[] =>
  output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line); // our own log; what is no JSON fails the test

/** A thousand times as much as a line usually has would still be a defect. */
const lineMaxChars = 32_000;

const chatty = {
  ...hopeless,
  files: { ...hopeless.files, 'test/plain.test.sh': `yes '"\\' | head -n 6000\n` },
};

test('into a pipe it writes JSON lines of bounded length, each of a task’s with the task’s id, and the same into a file', async () => {
  const scene = await workScene({ story: chatty });
  const filed = await scene.file('greeter');
  const worker = scene.start({ LOG_LEVEL: 'debug' });
  await scene.send(filed.text);
  await scene.archived(filed.taskId);
  expect(await worker.stop()).toBe(0);
  const lines = linesOf(worker.output());
  const begin = lines.findIndex(({ msg }) => msg === 'cloning');
  const end = lines.findIndex(({ msg }) => msg === 'task ended');
  expect(end).toBeGreaterThan(begin);
  expect(lines.slice(begin, end + 1).filter(({ task }) => task !== filed.taskId)).toEqual([]);
  expect(lines.map(({ msg }) => msg)).toContain('reporting');
  expect(
    worker
      .output()
      .split('\n')
      .filter((line) => line.length > lineMaxChars),
  ).toEqual([]);
  const [file = ''] = await readdir(join(scene.home.state, 'logs'));
  expect(await readFile(join(scene.home.state, 'logs', file), 'utf8')).toBe(worker.output());
});

test('a suspended task’s lines carry its id too', async () => {
  const scene = await workScene();
  await scene.agent.hold('generate');
  const filed = await scene.file('greeter');
  const worker = scene.start();
  await scene.send(filed.text);
  await agentRuns(scene, filed.taskId);
  await worker.stop();
  const line = linesOf(worker.output()).find(({ msg }) => msg === 'task suspended');
  expect(line).toMatchObject({ task: filed.taskId });
});

test('a file a day is kept for a week, also when no worker ran over midnight', async () => {
  const scene = await workScene();
  const logs = join(scene.home.state, 'logs');
  await mkdir(logs);
  for (let day = 10; day < 20; day += 1) await writeFile(join(logs, `worker-2024-05-${day}.jsonl`), '{}\n');
  const worker = scene.start();
  await until(
    () => (worker.output().includes('worker started') ? true : undefined),
    () => worker.output(),
  );
  await worker.stop();
  const today = linesOf(worker.output())[0]?.time.slice(0, 10) ?? '';
  const kept = [14, 15, 16, 17, 18, 19].map((day) => `worker-2024-05-${day}.jsonl`);
  expect((await readdir(logs)).toSorted()).toEqual([...kept, `worker-${today}.jsonl`]);
});

test('LOG_LEVEL decides what is worth a line', async () => {
  const scene = await workScene();
  const filed = await scene.file('greeter');
  const worker = scene.start({ LOG_LEVEL: 'error' });
  await scene.send(filed.text);
  await scene.archived(filed.taskId);
  await worker.stop();
  expect(worker.output()).toBe('');
});

test('a secret that a message brings is masked wherever the log tells of it', async () => {
  const scene = await workScene({ config: { repositories: ['acme/greeter'] } });
  const { token } = scene.world.github;
  const worker = scene.start();
  const filed = await scene.file('greeter');
  await scene.send(JSON.stringify({ ...JSON.parse(filed.text), repository: `acme/${token}` }));
  await until(
    () => (worker.output().includes('CW-REPOSITORY-NOT-ALLOWED') ? true : undefined),
    () => worker.output(),
  );
  await worker.stop();
  expect(worker.output()).toContain('acme/[secret]');
  const [file = ''] = await readdir(join(scene.home.state, 'logs'));
  const everything = worker.output() + (await readFile(join(scene.home.state, 'logs', file), 'utf8'));
  expect(everything).not.toContain(token);
});

test.each([
  { when: 'with colours', environment: {}, coloured: true },
  { when: 'without colours when NO_COLOR asks for it', environment: { NO_COLOR: '1' }, coloured: false },
])('on a terminal it writes for people, $when', async ({ environment, coloured }) => {
  const scene = await workScene();
  const text = await onTerminal(scene, environment);
  expect(text).toMatch(/\d\d:\d\d:\d\d/);
  expect(text).not.toContain('{"level"');
  expect(text.includes('\u001b[')).toBe(coloured);
});

test('who reads along may go away: the worker still suspends its task and ends well', async () => {
  const scene = await workScene();
  await scene.agent.hold('generate');
  const filed = await scene.file('greeter');
  const worker = scene.start();
  await scene.send(filed.text);
  await agentRuns(scene, filed.taskId);
  worker.child.stdout?.destroy();
  worker.child.stderr?.destroy();
  expect(await worker.stop()).toBe(0);
  const records = await scene.records(filed.taskId);
  expect(records.at(-1)?.type).toBe('task.suspended');
});

async function agentRuns(scene: WorkScene, taskId: string): Promise<void> {
  await until(
    async () => ((await scene.agent.starts(taskId)).length > 0 ? true : undefined),
    () => scene.said(),
  );
}

const terminalProgram = 'import pty, sys; pty.spawn(sys.argv[1:])';

/** All that a worker prints on a terminal from its start to its end. Python, which Aider needs anyway, is the terminal. */
async function onTerminal(scene: WorkScene, environment: Record<string, string>): Promise<string> {
  const worker = scene.command();
  const env = { ...worker.environment, TERM: 'xterm', ...environment };
  const terminal = spawn('python3', ['-c', terminalProgram, ...worker.command], { cwd: scene.home.folder, env });
  onTestFinished(() => void terminal.kill('SIGKILL'));
  let text = '';
  terminal.stdout.setEncoding('utf8').on('data', (chunk: string) => void (text += chunk));
  await until(
    () => (text.includes('worker started') && scene.queue.open('ReceiveMessage') > 0 ? true : undefined),
    () => text,
  );
  // Ctrl-C, as a terminal gives it.
  terminal.stdin.write('\u0003');
  await once(terminal, 'close');
  return text;
}
