// One set-up at a time in a checkout: two that install into the same folder would spoil it.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tools } from './system.mjs';

const lock = join(tools, 'setup.lock');
const lookAgainMs = 250;

/** Runs `work` while no other set-up of this checkout runs. A lock whose process is gone is broken. */
export async function withLock(say, work) {
  mkdirSync(tools, { recursive: true });
  let isWaitSaid = false;
  while (!take()) {
    const holder = holderOf(lock);
    if (holder !== undefined && !isAlive(holder)) breakLock(holder);
    else {
      if (!isWaitSaid) say(`Waiting for another set-up of this folder (process ${holder}) …`);
      isWaitSaid = true;
      await sleep(lookAgainMs);
    }
  }
  const release = () => rmSync(lock, { force: true });
  process.once('exit', release);
  try {
    await work();
  } finally {
    release();
    process.removeListener('exit', release);
  }
}

/** A link appears with its content at once, so nobody reads a lock that has no holder yet. */
function take() {
  const own = `${lock}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, lock);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

function holderOf(file) {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Moves the lock aside before it is judged again: it may be another's new one by now, and then goes back. */
function breakLock(holder) {
  const aside = `${lock}.broken-${process.pid}`;
  try {
    renameSync(lock, aside);
    if (holderOf(aside) === holder) rmSync(aside, { force: true });
    else renameSync(aside, lock);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
