// A worker without room on its disk: it says so once however long that lasts, asks the queue for nothing, and goes on by itself.
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import type { Disk } from '../../src/services/disk/disk.ts';
import { nodeDisk } from '../../src/services/disk/node-disk.ts';
import { StateDirectory } from '../../src/worker/state-directory.ts';
import { serve } from '../../src/worker/worker.ts';
import { scriptedRuntime, type Scripted } from '../support/tasks/scripted-runtime.ts';
import { virtualClock, type VirtualClock } from '../support/tasks/virtual-clock.ts';

const mebibyte = 1024 * 1024;
const opened: Scripted[] = [];
afterEach(() => Promise.all(opened.splice(0).map(({ remove }) => remove())));

type Line = { msg: string; failure?: { message: string } };

type Idle = {
  clock: VirtualClock;
  /** Bytes free below the state directory and below the working copies. */
  free: { state: number; workspaces: number };
  lines: Line[];
  polls: () => number;
  /** Lets that many looks or waits pass. */
  pass: (times: number) => Promise<void>;
  stop: () => Promise<void>;
};

/** A worker of three slots with nothing to do, which needs 100 MB. */
async function idleWorker(free: Idle['free']): Promise<Idle> {
  const clock = virtualClock();
  const lines: Line[] = [];
  let polls = 0;
  const made = await scriptedRuntime();
  opened.push(made);
  const { runtime } = made;
  const disk: Disk = {
    ...nodeDisk,
    freeBytes: async (path) => (path.startsWith(runtime.settings.workspaceFolder) ? free.workspaces : free.state),
  };
  const stop = new AbortController();
  const served = serve(
    {
      ...runtime,
      clock,
      state: new StateDirectory(runtime.state.root, { disk, now: () => clock.now() }),
      settings: { ...runtime.settings, slots: 3, freeDiskMinBytes: 100 * mebibyte },
      log: pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line) as Line) }), // our own log
      queue: {
        ...runtime.queue,
        async receive(_seconds, signal) {
          polls += 1;
          await clock.sleep(20_000, signal);
          return undefined;
        },
      },
    },
    stop.signal,
  );
  return {
    clock,
    free,
    lines,
    polls: () => polls,
    async pass(times) {
      for (let n = 0; n < times; n += 1) {
        await settled();
        await clock.next();
      }
      await settled();
    },
    async stop() {
      stop.abort(new Error('stopped'));
      await served;
    },
  };
}

/** Calls of the real disk, which the virtual clock knows nothing of, have ended. */
async function settled(): Promise<void> {
  for (let turns = 0; turns < 20; turns += 1) await nodeDisk.exists('/');
}

test('asks the queue for nothing and says once what is missing and where, however many slots look how often', async () => {
  const worker = await idleWorker({ state: 12.34 * mebibyte, workspaces: 1e12 });
  await worker.pass(60);
  expect(worker.clock.elapsed()).toBeGreaterThan(15_000);
  expect(worker.polls()).toBe(0);
  expect(worker.lines).toMatchObject([
    {
      msg: 'no work is taken until there is room on the disk',
      failure: {
        code: 'CW-WORKSPACE-DISK',
        message: expect.stringMatching(/ has 12\.3 MB free, and 100 MB are needed\.$/),
      },
    },
  ]);
  worker.free.state = 1e12;
  await worker.pass(60);
  expect(worker.polls()).toBeGreaterThanOrEqual(3);
  expect(worker.lines.slice(1)).toMatchObject([{ msg: 'there is room on the disk again' }]);
  await worker.stop();
});

test('says it again when another place is short, and when the disk fills up again', async () => {
  const worker = await idleWorker({ state: 1, workspaces: 1e12 });
  await worker.pass(20);
  Object.assign(worker.free, { state: 1e12, workspaces: 2 * mebibyte });
  await worker.pass(20);
  worker.free.workspaces = 1e12;
  await worker.pass(60);
  worker.free.state = 0;
  await worker.pass(90);
  expect(worker.lines.map(({ msg, failure }) => failure?.message.replace(/^.*\/(\S+) has/, '$1 has') ?? msg)).toEqual([
    expect.stringMatching(/^codingworker-core-\S+ has 0 MB free/),
    expect.stringMatching(/^workspaces has 2 MB free/),
    'there is room on the disk again',
    expect.stringMatching(/^codingworker-core-\S+ has 0 MB free/),
  ]);
  await worker.stop();
});
