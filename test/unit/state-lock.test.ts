// One worker a state directory, shown with two real processes.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lockState } from '../../src/worker/state-lock.ts';

const program = fileURLToPath(new URL('../support/tasks/hold-state.ts', import.meta.url));
const here = { id: 'second', host: 'here', pid: process.pid, version: '0' };
let root: string;
let children: ChildProcess[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'codingworker-lock-'));
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  children = [];
  await rm(root, { recursive: true, force: true });
});

async function holder(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--expose-gc', program, root, 'first'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}

it('refuses a second worker by the identity of the first', async () => {
  const first = await holder();
  expect(() => lockState(root, here)).toThrow(
    `CW-STATE-LOCKED: ${root} is in use by worker first (process ${first.pid} on elsewhere).`,
  );
});

it('is let go by a worker that is killed, however suddenly', async () => {
  const first = await holder();
  first.kill('SIGKILL');
  await once(first, 'exit');
  const lock = lockState(root, here);
  expect(() => lockState(root, here)).toThrow('in use by worker second');
  lock.release();
});

it('is let go by release(), and can be taken again by the same worker', () => {
  for (let round = 0; round < 3; round += 1) {
    const lock = lockState(root, here);
    expect(() => lockState(root, here)).toThrow('in use by worker second');
    lock.release();
  }
});

it('refuses a second worker also when the first’s identity cannot be read', async () => {
  await holder();
  await writeFile(join(root, 'worker.json'), '{"id":');
  expect(() => lockState(root, here)).toThrow('is in use by another worker.');
});

it('does not take a broken lock file for another worker', async () => {
  await mkdir(join(root, 'worker.lock'));
  expect(() => lockState(root, here)).toThrow(/unable to open/);
  await rm(join(root, 'worker.lock'), { recursive: true });
  await writeFile(join(root, 'worker.lock'), 'this is no database'.repeat(1000));
  expect(() => lockState(root, here)).toThrow(/not a database/);
});
