// The effect gate: an effect sees its cause on disk, and where the disk fails, no effect follows.
import { execFile } from 'node:child_process';
import { getEventListeners, once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { fold, stateName } from '../../src/machines/fold.ts';
import { readJournal } from '../../src/services/journal/read-journal.ts';
import { runTask } from '../../src/worker/run-task.ts';
import { acceptTask, endOrCode, journalPath } from '../support/tasks/run-on-journal.ts';
import {
  scriptedRuntime,
  type EffectName,
  type Scripted,
  type ScriptFacts,
} from '../support/tasks/scripted-runtime.ts';
import { causes } from '../support/tasks/causes.ts';
import { permanent, transient } from '../support/tasks/facts.ts';

const never = new AbortController().signal;
let opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(opened.map((remove) => remove()));
  opened = [];
});

async function scripted(facts: ScriptFacts): Promise<Scripted> {
  const made = await scriptedRuntime(facts);
  opened.push(made.remove);
  return made;
}

const stateOnDisk = async (path: string): Promise<string> =>
  stateName(fold(readJournal(await readFile(path), path).records).snapshot);

describe('an effect', () => {
  it('runs when what caused it is on disk, and what it will end in is not', async () => {
    const seen: [EffectName, string][] = [];
    const endings = ['done', transient(), 'done', 'done', 'failed', 'done', 'failed', permanent()] as const;
    const { runtime } = await scripted({
      endings,
      onEffect: async (name) => void seen.push([name, await stateOnDisk(journalPath(runtime))]),
    });
    const journal = await acceptTask(runtime);
    await runTask(runtime, journal, never);
    await journal.close();
    const told = seen.filter(([name]) => causes[name] !== undefined);
    expect(told.filter(([name, state]) => !causes[name]?.includes(state))).toEqual([]);
    expect(told.map(([name]) => name)).toEqual([
      'clone',
      'agent',
      'agent',
      'agent',
      'verify',
      'agent',
      'verify',
      'agent',
      'comment',
    ]);
  });

  it('does not begin when the task was stopped while it waited for the disk', async () => {
    const stop = new AbortController();
    const { runtime, effects } = await scripted({});
    // Publishing begins with its effect, without anything before it that would look at the signal.
    runtime.observer.onTransition = (_id, snapshot) => {
      if (snapshot.matches('publishing')) stop.abort(new Error('asked to stop'));
    };
    const journal = await acceptTask(runtime);
    const end = await runTask(runtime, journal, stop.signal);
    await journal.close();
    expect(end).toEqual({ ended: false, reason: stop.signal.reason });
    expect(effects).toEqual(['clone', 'agent', 'commit', 'agent', 'commit', 'verify']);
    expect(await stateOnDisk(journal.path)).toBe('publishing');
  });

  it('that runs when the task is stopped has ended when the stop has', async () => {
    const stop = new AbortController();
    let ended = false;
    const { runtime } = await scripted({
      async onEffect(name, signal) {
        if (name !== 'agent') return;
        stop.abort(new Error('asked to stop'));
        await once(signal, 'abort');
        await readFile(journalPath(runtime));
        ended = true;
      },
    });
    const journal = await acceptTask(runtime);
    await runTask(runtime, journal, stop.signal);
    await journal.close();
    expect(ended).toBe(true);
  });
});

describe('a task that has ended', () => {
  it('leaves nothing behind at the signal that would have stopped it: a worker lives longer than its tasks', async () => {
    const { runtime } = await scripted({});
    const journal = await acceptTask(runtime);
    const { signal } = new AbortController();
    expect(await runTask(runtime, journal, signal)).toMatchObject({ ended: true });
    await journal.close();
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('a journal that fails', () => {
  it('because another process wrote to it stops the task before its next effect', async () => {
    const { runtime, effects } = await scripted({
      onEffect: async (name) => {
        if (name === 'agent') await appendFile(journalPath(runtime), 'another worker was here\n');
      },
    });
    const journal = await acceptTask(runtime);
    expect(await endOrCode(runTask(runtime, journal, never))).toBe('CW-JOURNAL-CONFLICT');
    await journal.close();
    expect(effects).toEqual(['clone', 'agent', 'commit']);
  });

  it('because its descriptor does stops the task before its next effect', async () => {
    const { runtime, effects } = await scripted({ onEffect: () => journal.close() });
    const journal = await acceptTask(runtime);
    expect(await endOrCode(runTask(runtime, journal, never))).toBe('CW-JOURNAL-WRITE');
    expect(effects).toEqual(['clone']);
  });

  const program = fileURLToPath(new URL('../support/tasks/run-on-journal.ts', import.meta.url));

  // The limit is in blocks of 512 bytes; one larger than it needs shows that the limit is what stops the others.
  it.each([1, 2, 3, 4, 20])(
    'on a disk with room for %i blocks leads to no effect without its record',
    async (blocks) => {
      const root = await mkdtemp(join(tmpdir(), 'codingworker-full-'));
      opened.push(() => rm(root, { recursive: true, force: true }));
      const script = `trap '' XFSZ; ulimit -f ${blocks}; exec "$0" "$1" "$2"`;
      const { stdout } = await promisify(execFile)('sh', ['-c', script, process.execPath, program, root]);
      const { effects, end } = JSON.parse(stdout) as { effects: EffectName[]; end: string }; // printed by our program
      const bytes = await readFile(join(root, 'active', 'acme-shop-12-3f9a1c02d4.jsonl'));
      const onDisk = readJournal(bytes, 'journal').records.map(({ type }) => type);
      const caused = ['task.accepted', 'clone.done', 'generate.done', 'tests.done', 'verify.passed'].filter((type) =>
        onDisk.some((record) => record === type),
      );
      const decisive = effects.filter((name) => causes[name] !== undefined);
      expect(decisive).toEqual(['clone', 'agent', 'agent', 'verify', 'push'].slice(0, caused.length));
      expect(end).toBe(blocks === 20 ? 'ended' : 'CW-JOURNAL-WRITE');
    },
  );
});
