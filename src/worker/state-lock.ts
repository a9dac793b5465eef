// One worker a state directory. The lock is SQLite's lock on a file, which the operating system lets go however the process ends.
import { readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { coded } from '../events/failure.ts';
import type { WorkerIdentity } from '../events/journal-record.ts';

/** Takes the lock, or throws `CW-STATE-LOCKED` with the holder's identity. The lock ends with `release()` or the process. */
export function lockState(root: string, worker: WorkerIdentity): { release: () => void } {
  const database = new DatabaseSync(join(root, 'worker.lock'));
  const identityFile = join(root, 'worker.json');
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    if (!isBusy(cause)) throw cause;
    throw coded('CW-STATE-LOCKED', `${root} is in use by ${holder(identityFile)}.`, { cause });
  }
  held.add(database);
  writeFileSync(identityFile, JSON.stringify(worker));
  return {
    release: () => {
      held.delete(database);
      database.close();
    },
  };
}

/** Whether certainly no worker of this machine holds the lock. Asked without touching it, which could refuse a worker that just starts. */
export function isUnlocked(root: string): boolean {
  try {
    const { host, pid } = identityIn(join(root, 'worker.json'));
    if (host !== hostname()) return false;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'ENOENT' || code === 'ESRCH';
  }
}

/** A database that nobody refers to is closed by the garbage collector, and its lock with it. */
const held = new Set<DatabaseSync>();

/** SQLITE_BUSY is 5 in the low byte of SQLite's result codes; anything else is wrong with the disk, not another worker's doing. */
const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === 5;

function holder(identityFile: string): string {
  try {
    const { id, host, pid } = identityIn(identityFile);
    return `worker ${id} (process ${pid} on ${host})`;
  } catch {
    return 'another worker';
  }
}

const identityIn = (file: string): WorkerIdentity => JSON.parse(readFileSync(file, 'utf8')) as WorkerIdentity; // written above, by us
