// The bench: what it prints, and that both sides really did their work. How long they took is no test's business.
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { measure } from '../../src/cli/bench/measure.ts';
import { repository } from '../../src/cli/bench/job.ts';
import { median } from '../../src/cli/bench/median.ts';
import { openYard } from '../../src/cli/bench/yard.ts';

const command = fileURLToPath(new URL('../../src/cli/bench.ts', import.meta.url));

test('worker and script both bring each issue to a branch, a pull request and a label', async () => {
  const yard = await openYard();
  onTestFinished(yard.close);
  const { github, sqs } = yard.world;
  const measured = await measure(yard, { tasks: 1, starts: 1 }, new AbortController().signal);
  expect(measured.pairs).toHaveLength(1);

  // One pair that is not counted and one that is.
  const pulls = await github.pulls(repository);
  expect(pulls).toHaveLength(4);
  const directory = github.gitDirectory(repository);
  for (const { headBranch, closes, author } of pulls) {
    const [number = 0] = closes;
    expect(headBranch).toBe(`ai/issue-${number}`);
    expect(github.issue(repository, number).labels).toContain('ai-task-done');
    const { stdout: subjects } = await execa('git', ['log', '--format=%s', `main..${headBranch}`], { cwd: directory });
    expect(subjects).toMatch(new RegExp(`^Add tests for #${number}.*\\nImplement #${number}`));
    const { stdout: source } = await execa('git', ['show', `${headBranch}:src/greet.js`], { cwd: directory });
    expect(source).toContain('Hello, ${name}');
    expect(author).toBe('codingworker-bot');
  }
  // The worker's are told by what only it writes.
  expect(pulls.filter(({ body }) => body.includes('npm run replay'))).toHaveLength(2);
  expect(await sqs.messages()).toEqual([]);
});

const perLevel = [
  'journal_ratios',
  'journalled_task_ratios',
  'journal_step_p50_ms',
  'journal_step_p99_ms',
  'journal_steps_per_s',
  'raw_steps_per_s',
];

test.each([
  { part: 'job', names: ['ratio', 'worker_ms', 'script_ms', 'rss_idle_mb', 'rss_busy_mb', 'first_poll_ms'] },
  {
    part: 'journal',
    names: [
      'journal_ratio',
      'journal_append_max_ms',
      ...[1, 8, 32, 64].flatMap((atOnce) => perLevel.map((name) => `${name}.${atOnce}`)),
    ],
  },
  {
    part: 'start-up',
    names: [
      'start_up_growth',
      ...[0, 1, 2].map((index) => `start_up.${index}.first_poll_ms`),
      ...[3, 4].flatMap((index) => [`start_up.${index}.first_step_ms`, `start_up.${index}.rss_mb`]),
    ],
  },
])('the last line of the part $part is JSON with the figures that others read', async ({ part, names }) => {
  const least = ['--tasks', '1', '--starts', '1', '--pairs', '1', '--finished', '2', '--unfinished', '2'];
  const { stdout } = await execa('node', [command, '--only', part, ...least, '--json'], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    extendEnv: false,
  });
  const figures: unknown = JSON.parse(stdout.split('\n').at(-1) ?? '');
  for (const name of names) {
    expect(figures).toHaveProperty(name, expect.any(Number));
    // Nothing takes no time and no memory: a zero was not measured.
    expect(figures).not.toHaveProperty(name, 0);
  }
});

test('Ctrl-C ends it like every interrupted program', async () => {
  const bench = execa('node', [command], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    extendEnv: false,
    reject: false,
  });
  for await (const line of bench.iterable({ from: 'stderr' })) {
    if (line.startsWith('Measuring ')) bench.kill('SIGINT');
  }
  const { exitCode, stderr } = await bench;
  expect(stderr.split('\n').slice(1)).toEqual(['Stopping …']);
  expect(exitCode).toBe(130);
});

test('a middle is not moved by one odd run', () => {
  expect(median([3, 1, 1000])).toBe(3);
  expect(median([4, 1, 2, 1000])).toBe(3);
  expect(() => median([])).toThrow('nothing');
});
