// `replay` as a debugger: a run is followed while it goes on, two runs are compared, and a run that today's machine no longer makes is told.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../src/events/journal-record.ts';
import { Journal } from '../../src/services/journal/journal.ts';
import { realMedium } from '../support/real-medium.ts';
import { cloned, issueTask, permanent } from '../support/tasks/facts.ts';
import { accepted, endOf } from '../support/tasks/walk.ts';
import { until } from '../support/worker-process.ts';

const program = fileURLToPath(new URL('../../src/cli/replay.ts', import.meta.url));
const golden = (name: string): string => fileURLToPath(new URL(`../golden/${name}.jsonl`, import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codingworker-replay-run-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const environment = (): Record<string, string> => ({ CODINGWORKER_STATE_DIR: join(folder, 'state'), NO_COLOR: '1' });

function replay(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { cwd: folder, env: environment() }, (error, out, err) => {
      resolve({ status: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

/** A journal whose records say to which states they led. */
async function journalOf(name: string, entries: [entry: JournalEntry, state?: string][]): Promise<string> {
  const path = join(folder, name);
  const journal = await Journal.create(realMedium, path, issueTask.id);
  for (const [entry, state] of entries) journal.append(entry, state);
  await journal.flushed();
  await journal.close();
  return path;
}

const failed: JournalEntry = { type: 'clone.failed', data: permanent() };
const settled: JournalEntry = { type: 'message.settled', data: { how: 'deleted' } };

describe('a replay against today’s machine', () => {
  it('says nothing of records that agree, or that are from before states were recorded', async () => {
    const path = await journalOf('agrees.jsonl', [
      [accepted(), 'cloning'],
      [failed, 'reporting'],
      [endOf('reporting', 'done')],
    ]);
    expect(await replay(path)).toMatchObject({ status: 0, err: '' });
  });

  it('marks each record that led elsewhere when it was written, and ends with the code and status 1', async () => {
    const path = await journalOf('disagrees.jsonl', [
      [accepted(), 'cloning'],
      [failed, 'explaining'],
      [endOf('reporting', 'done'), 'failed-permanent'],
    ]);
    const { status, out, err } = await replay(path);
    expect(status).toBe(1);
    expect(out).toContain('cloning → reporting\n      recorded as leading to explaining\n');
    expect(out).toContain('failed-permanent');
    expect(err).toContain(
      'CW-JOURNAL-DISAGREES: Record 2 (clone.failed) led to explaining when it was written; today it leads to reporting.',
    );
    const lines = (await replay(path, '--json')).out.trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { recorded?: string }).recorded)).toEqual([
      undefined,
      'explaining',
      undefined,
    ]);
  });

  it('goes as far as the machine can, and names the first disagreement rather than what followed from it', async () => {
    const path = await journalOf('refuses.jsonl', [
      [accepted(), 'cloning'],
      [failed, 'generating'],
      [endOf('generating', 'done'), 'testing-pass'],
    ]);
    const { status, out, err } = await replay(path);
    expect([status, out.includes('clone.failed'), out.includes('generate.done')]).toEqual([1, true, false]);
    expect(err).toMatch(/^CW-JOURNAL-DISAGREES: Record 2 /);
  });

  it('names the record that cannot happen when no state was recorded before it', async () => {
    const path = await journalOf('impossible.jsonl', [[accepted()], [failed], [endOf('generating', 'done')]]);
    const { status, out, err } = await replay(path);
    expect([status, out.includes('clone.failed')]).toEqual([1, true]);
    expect(err).toMatch(/^CW-JOURNAL-CORRUPT: Record 3 /);
  });
});

describe('replay --follow', () => {
  it('prints records as they come, also after the journal has moved, and ends with the last one', async () => {
    const active = join(folder, 'state', 'active');
    const done = join(folder, 'state', 'done', '2026-11');
    for (const path of [active, done]) await mkdir(path, { recursive: true });
    const path = join(active, `${issueTask.id}.jsonl`);
    const journal = await Journal.create(realMedium, path, issueTask.id);
    journal.append(accepted());
    await journal.flushed();
    const child = spawn(process.execPath, [program, issueTask.id, '--follow'], { cwd: folder, env: environment() });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => void (out += chunk));
    const ended = once(child, 'close');
    const shown = (text: string): Promise<true> =>
      until(
        () => (out.includes(text) ? true : undefined),
        () => out,
      );
    await shown('task.accepted');
    journal.append({ type: 'clone.done', data: cloned() });
    await shown('cloning → generating');
    await rename(path, join(done, `${issueTask.id}.jsonl`));
    journal.append({ type: 'task.cancelled', data: { by: 'mei', reason: 'enough' } });
    await shown('generating → cancelled');
    journal.append(settled);
    await journal.close();
    expect(await ended).toEqual([0, null]);
    expect(out.match(/^ +\d+ {2}/gm)).toHaveLength(4);
    expect(out.startsWith(`${issueTask.id}  acme/shop#12`)).toBe(true);
  });

  it('prints a task that has ended, and ends', async () => {
    const [followed, printed] = await Promise.all([
      replay(golden('hopeless'), '--follow', '--json'),
      replay(golden('hopeless'), '--json'),
    ]);
    expect(followed).toEqual(printed);
  });

  it('stops after the event that --until names', async () => {
    const { out, status } = await replay(golden('released-reopened'), '--follow', '--until', '4', '--json');
    expect([status, out.trim().split('\n').length]).toEqual([0, 4]);
  });
});

describe('replay --diff', () => {
  it('names the first event in which two runs part, where each led, and the facts that differ', async () => {
    const { status, out } = await replay('--diff', golden('success'), golden('one-fix'));
    expect(status).toBe(1);
    expect(out).toBe(
      [
        '4 events alike, then the runs part:',
        '  A     6  verify.passed  verifying → publishing',
        '  B     6  verify.failed  verifying → fixing',
        '      verdict: "passed" | "failed"',
        '      steps.0.exitCode: 0 | 1',
        '',
      ].join('\n'),
    );
  });

  it('does not take instants, ids and interruptions for a difference', async () => {
    expect(await replay('--diff', golden('success'), golden('suspended-resumed'))).toEqual({
      status: 0,
      out: 'The runs do not part: 6 events alike.\n',
      err: '',
    });
  });

  it('parts runs that did the same with other facts', async () => {
    const other = { ...cloned(), base: { branch: 'develop', commit: cloned().base.commit } };
    const [a, b] = await Promise.all([
      journalOf('main.jsonl', [[accepted()], [{ type: 'clone.done', data: cloned() }]]),
      journalOf('develop.jsonl', [[accepted()], [{ type: 'clone.done', data: other }]]),
    ]);
    const { status, out } = await replay('--diff', a, b, '--json');
    expect(status).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      alike: 1,
      parting: { facts: [{ fact: 'base.branch', a: 'main', b: 'develop' }] },
    });
  });

  it('says of a run that ended before the other', async () => {
    const { out } = await replay('--diff', golden('cancelled'), golden('cancelled'), '--until', '3');
    expect(out).toBe('The runs do not part: 2 events alike.\n');
    const shorter = await journalOf('shorter.jsonl', [[accepted()]]);
    const longer = await journalOf('longer.jsonl', [[accepted()], [failed]]);
    const found = await replay('--diff', shorter, longer);
    expect(found.out).toContain('  A  has ended, or goes no further\n  B     2  clone.failed  cloning → reporting\n');
    expect(found.status).toBe(1);
  });

  it('cannot be followed', async () => {
    expect((await replay('--diff', golden('success'), golden('one-fix'), '--follow')).status).toBe(1);
  });
});
