// `replay` as a program of its own: golden outputs of golden journals, and refusals by code. It reads one file, and does nothing.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fold, stateName } from '../../src/machines/fold.ts';
import { readJournal } from '../../src/services/journal/read-journal.ts';
import { delivery, issueTask } from '../support/tasks/facts.ts';
import { writeJournal } from '../support/tasks/real-journal.ts';
import { accepted, endOf } from '../support/tasks/walk.ts';

const program = fileURLToPath(new URL('../../src/cli/replay.ts', import.meta.url));
const golden = (name: string): string => fileURLToPath(new URL(`../golden/${name}`, import.meta.url));

let folder: string;
let bytes: Buffer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codingworker-replay-'));
  bytes = await readFile(golden('one-fix.jsonl'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Result = { status: number; out: string; err: string };

/** Runs it with nothing but a state directory in its environment: no queue, no token, no configuration. */
function replay(...args: string[]): Promise<Result> {
  const env = { CODINGWORKER_STATE_DIR: join(folder, 'state'), NO_COLOR: '1' };
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { cwd: folder, env }, (error, out, err) => {
      resolve({ status: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

async function damaged(name: string, content: Buffer | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const endings: [name: string, state: string][] = [
  ['success', 'published'],
  ['one-fix', 'published'],
  ['hopeless', 'failed-permanent'],
  ['transient-then-success', 'published'],
  ['released-reopened', 'published'],
  ['suspended-resumed', 'published'],
  ['cancelled', 'cancelled'],
  // From here on with the state that each record led to.
  ['one-fix-with-states', 'published'],
  ['failed-permanent', 'failed-permanent'],
  ['cancelled-at-work', 'cancelled'],
  ['cancelled-while-suspended', 'cancelled'],
  ['cancelled-while-released', 'cancelled'],
  ['handed-over', 'published'],
  ['ended-elsewhere', 'cancelled'],
  ['resumed-with-other-limits', 'failed-permanent'],
];

describe('the golden journals', () => {
  it('are all tested', async () => {
    const names = (await readdir(golden(''))).filter((name) => name.endsWith('.jsonl'));
    expect(new Set(names)).toEqual(new Set(endings.map(([name]) => `${name}.jsonl`)));
  });

  it.each(endings)('%s is read by this version and ends as %s', async (name, state) => {
    const { records, torn } = readJournal(await readFile(golden(`${name}.jsonl`)), name);
    expect(torn).toHaveLength(0);
    expect(stateName(fold(records).snapshot)).toBe(state);
  });

  it.each(endings)('%s prints what it printed before, as text and as JSON', async (name) => {
    const [text, json] = await Promise.all([
      replay(golden(`${name}.jsonl`)),
      replay(golden(`${name}.jsonl`), '--json'),
    ]);
    expect(text).toEqual({ status: 0, out: await readFile(golden(`${name}.replay.txt`), 'utf8'), err: '' });
    expect(json).toEqual({ status: 0, out: await readFile(golden(`${name}.replay.json`), 'utf8'), err: '' });
  });
});

describe('replay', () => {
  it('prints all of a long run into a pipe, whose reader takes it piece by piece', async () => {
    const path = join(folder, 'long.jsonl');
    const adopted = { type: 'lease.adopted', data: { delivery } } as const;
    await writeJournal(path, [accepted(), ...Array.from({ length: 5_000 }, () => adopted)]);
    const { status, out } = await replay(path, '--json');
    expect([status, out.trimEnd().split('\n').length]).toEqual([0, 5_001]);
  });

  it('stops after the event that --until names', async () => {
    const { out } = await replay(golden('one-fix.jsonl'), '--json', '--until', '6');
    const whole = await readFile(golden('one-fix.replay.json'), 'utf8');
    expect(out).toBe(`${whole.split('\n').slice(0, 6).join('\n')}\n`);
    expect((await replay(golden('one-fix.jsonl'), '--until', '999')).out).toBe(
      await readFile(golden('one-fix.replay.txt'), 'utf8'),
    );
  });

  it.each(['0', '-1', 'x', '1.5'])('refuses --until %s', async (seq) => {
    const { status, err } = await replay(golden('success.jsonl'), `--until=${seq}`);
    expect(status).not.toBe(0);
    expect(err).toContain('whole number');
  });

  it('finds a task by its id, whether it runs or has ended', async () => {
    for (const place of ['active', join('done', '2026-11')]) {
      await mkdir(join(folder, 'state', place), { recursive: true });
      const path = join(folder, 'state', place, `${issueTask.id}.jsonl`);
      await writeFile(path, bytes);
      expect(await replay(issueTask.id)).toEqual({
        status: 0,
        out: await readFile(golden('one-fix.replay.txt'), 'utf8'),
        err: '',
      });
      await rm(path);
    }
  });

  it('finds a task of the demo by its id, as the pull request and the comment tell to', async () => {
    const done = join(folder, 'state', 'demo', 'one-fix-2026-11-22T12-26-30-315Z', 'done', '2026-11');
    await mkdir(done, { recursive: true });
    await writeFile(join(done, `${issueTask.id}.jsonl`), bytes);
    const { status, out } = await replay(issueTask.id);
    expect([status, out]).toEqual([0, await readFile(golden('one-fix.replay.txt'), 'utf8')]);
    await rm(join(folder, 'state', 'demo'), { recursive: true });
  });

  it.each(['acme-shop-99-0000000000', '../state', ''])('refuses the unknown task %j by code', async (name) => {
    const { status, out, err } = await replay(name);
    expect([status, out]).toEqual([1, '']);
    expect(err).toMatch(/^CW-JOURNAL-NOT-FOUND: [\s\S]*\n {2}→ /);
  });

  it('shows what is whole of a torn journal, says so, and leaves the file as it is', async () => {
    const torn = bytes.subarray(0, -20);
    const path = await damaged('torn.jsonl', torn);
    const { status, out, err } = await replay(path, '--json');
    const whole = await readFile(golden('one-fix.replay.json'), 'utf8');
    expect([status, out]).toEqual([0, whole.replace(/.*message\.settled.*\n$/, '')]);
    expect(err).toMatch(/^\d+ bytes of an unfinished record follow/);
    expect(await readFile(path)).toEqual(torn);
    expect((await readdir(folder)).filter((name) => name.startsWith('torn'))).toEqual(['torn.jsonl']);
  });

  it('takes a last record for whole that lacks only its newline, as the worker does', async () => {
    const { out, err } = await replay(await damaged('no-newline.jsonl', bytes.subarray(0, -1)));
    expect(out).toBe(await readFile(golden('one-fix.replay.txt'), 'utf8'));
    expect(err).toBe('The last record lacks its end; the worker will repair it.\n');
  });

  it('refuses a damaged journal by code, file and line', async () => {
    const flipped = Buffer.from(bytes);
    flipped[bytes.indexOf('\n') + 100] = 0;
    const { status, out, err } = await replay(await damaged('flipped.jsonl', flipped));
    expect([status, out]).toEqual([1, '']);
    expect(err).toContain('CW-JOURNAL-CORRUPT: flipped.jsonl, line 2: the record does not match its crc.');
  });

  it.each([
    ['empty', ''],
    ['nothing but a torn record', '{"crc":"'],
  ])('refuses a file that is %s', async (_, content) => {
    const { status, err } = await replay(await damaged('empty.jsonl', content));
    expect(status).toBe(1);
    expect(err).toContain('CW-JOURNAL-CORRUPT: The journal does not begin with task.accepted.');
  });

  it('prints nothing that a terminal would act upon, whatever a program had printed', async () => {
    const title = 'a \u009B31m title';
    const error = {
      code: 'CW-GIT-FAILED',
      message: 'git: \u001B[31mred\u001B]0;title\u0007 \u202Eodd\nsecond line\r',
      retryable: false,
      hint: 'h',
      at: 0,
    } as const;
    const path = join(folder, 'escapes.jsonl');
    await writeJournal(path, [
      accepted({ ...issueTask, title }),
      { type: 'clone.failed', data: error },
      endOf('reporting', 'done'),
    ]);
    const { out } = await replay(path);
    expect(out).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    expect(out).toContain('CW-GIT-FAILED: git: red  odd\n        second line\n');
  });

  it('makes no file and changes none', async () => {
    const before = await stat(golden('success.jsonl'));
    const names = await readdir(folder);
    await replay(golden('success.jsonl'));
    expect(await readdir(folder)).toEqual(names);
    expect((await stat(golden('success.jsonl'))).mtimeMs).toBe(before.mtimeMs);
  });
});
