// What an operator sees who mistypes a task, has a narrow terminal, or has forgotten to start the worker.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { taskTable, type TaskRow } from '../../src/cli/tasks/task-table.ts';
import { runProgram, type Ran } from '../support/run-program.ts';
import { issueTask } from '../support/tasks/facts.ts';
import { writeJournal } from '../support/tasks/real-journal.ts';
import { accepted } from '../support/tasks/walk.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codingworker-operator-'));
  await mkdir(join(folder, 'active'), { recursive: true });
  await writeJournal(join(folder, 'active', `${issueTask.id}.jsonl`), [accepted()]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function run(name: string, ...args: string[]): Promise<Ran> {
  const environment = { CODINGWORKER_STATE_DIR: folder, CODINGWORKER_QUEUE_URL: 'http://127.0.0.1:9/1/tasks' };
  return runProgram(name, { folder, state: folder, environment, remove: async () => {} }, ...args);
}

describe('a task that is not there', () => {
  it.each([
    ['cut short', issueTask.id.slice(0, -6)],
    ['mistyped', issueTask.id.replace('shop', 'shpo')],
    ['named by its issue', `${issueTask.repository}#${issueTask.issueNumber}`],
  ])('because it was %s is answered with the one that was meant', async (_, named) => {
    for (const command of ['cancel', 'retry', 'replay']) {
      const { status, err } = await run(command, named);
      expect([status, err]).toEqual([1, expect.stringMatching(/^CW-JOURNAL-NOT-FOUND: /)]);
      expect(err).toContain(` Did you mean ${issueTask.id}?\n  → `);
    }
  });

  it.each(['acme-none-1-0000000000', 'acme/shop#1', 'x', ''])(
    'and near none (%s) is answered with no guess',
    async (named) => {
      const { status, err } = await run('cancel', named);
      expect([status, err]).toEqual([1, expect.stringMatching(/^CW-JOURNAL-NOT-FOUND: /)]);
      expect(err).not.toContain('Did you mean');
    },
  );
});

describe('tasks', () => {
  it('says when no worker runs to do them', async () => {
    const { status, out } = await run('tasks');
    expect([status, out.split('\n').slice(-2)]).toEqual([0, [`No worker runs on ${folder}.`, '']]);
    expect((await run('tasks', '--json')).out).not.toContain('No worker');
  });

  const row = (id: string, more: Partial<TaskRow> = {}): TaskRow => ({
    id,
    issue: 'acme-corporation/a-shop-with-a-long-name#1',
    title: 'A title',
    state: 'generating',
    suspended: true,
    waitsForMessage: false,
    since: Date.UTC(2026, 10, 22, 15, 38, 30, 417),
    fixes: 1,
    failure: { code: 'CW-GITHUB-UNAVAILABLE', message: 'It did not answer.' },
    journal: '',
    ended: false,
    cancelling: false,
    ...more,
  });
  const rows = [row('acme-corporation-a-shop-with-a-long-name-1-23514885dd'), row('b-1-0', { failure: null })];
  const heading = (text: string): string => `*${text}*`;

  it('that do not fit into the terminal’s width have two lines each', () => {
    const text = taskTable(rows, { heading, columns: 80 });
    expect(text).toBe(
      [
        'acme-corporation-a-shop-with-a-long-name-1-23514885dd',
        '  generating (suspended), since 2026-11-22T15:38Z, 1 fix, CW-GITHUB-UNAVAILABLE',
        'b-1-0',
        '  generating (suspended), since 2026-11-22T15:38Z, 1 fix',
        '',
      ].join('\n'),
    );
  });

  it.each([200, undefined])('that fit, or go into a pipe, are a table (%s)', (columns) => {
    const lines = taskTable(rows, { heading, columns }).split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^\*task +issue +state +since +fixes +last failure\*$/);
  });
});
