// The disk port of one process on its machine's simulated disk, with the faults of real ones.
import { dirname } from 'node:path';
import type { Disk, DiskFile } from '../../../src/services/disk/disk.ts';
import type { SimulatedDisk } from './disk.ts';
import type { SimulatedProcess } from './process.ts';

export type DiskFaults = {
  /** Probability that a call fails, or writes less than asked. */
  error: number;
  shortWrite: number;
  /** Whether there is no room now. */
  isFull: () => boolean;
};

const failure = (code: string, path: string): Error => Object.assign(new Error(`${code}: ${path}`), { code });

/** Milliseconds that a call may take. */
const slowestMs = 3;

export function diskPort(disk: SimulatedDisk, process: SimulatedProcess, faults: DiskFaults): Disk {
  const { random } = process.host;
  const change = <T>(path: string, effect: () => T, grows = false): Promise<T> =>
    process.local(random.between(0.05, slowestMs), () => {
      if (grows && faults.isFull()) throw failure('ENOSPC', path);
      if (random.chance(faults.error)) throw failure(random.chance(0.5) ? 'EIO' : 'ENOSPC', path);
      return effect();
    });
  const need = <T>(value: T | undefined, path: string): T => {
    if (value === undefined) throw failure('ENOENT', path);
    return value;
  };
  const handle = (path: string): DiskFile => {
    const file = need(disk.file(path), path);
    const sync = (): Promise<void> =>
      process.local(random.between(0.2, slowestMs), () => {
        if (random.chance(faults.error)) {
          disk.failSync(file);
          throw failure('EIO', path);
        }
        disk.sync(file);
      });
    return {
      size: async () => file.cached.length,
      write: (bytes, position) =>
        change(
          path,
          () => {
            const short = bytes.length > 1 && random.chance(faults.shortWrite);
            const written = short ? bytes.subarray(0, random.whole(1, bytes.length - 1)) : bytes;
            disk.write(file, written, position);
            return written.length;
          },
          true,
        ),
      truncate: (size) => change(path, () => disk.truncate(file, size)),
      sync,
      datasync: sync,
      close: async () => {},
    };
  };
  return {
    create: (path) =>
      change(
        path,
        () => {
          if (disk.has(path)) throw failure('EEXIST', path);
          if (!disk.has(dirname(path))) throw failure('ENOENT', path);
          disk.addFile(path);
          return handle(path);
        },
        true,
      ),
    open: (path) => change(path, () => handle(path)),
    read: async (path) => Buffer.from(need(disk.file(path), path).cached),
    exists: async (path) => disk.has(path),
    list: async (folder) => {
      if (!disk.has(folder)) throw failure('ENOENT', folder);
      return disk.list(folder);
    },
    makeFolder: (folder) => (disk.has(folder) ? Promise.resolve() : change(folder, () => disk.addFolder(folder), true)),
    rename: (from, to) =>
      change(from, () => {
        if (!disk.has(from)) throw failure('ENOENT', from);
        disk.move(from, to);
      }),
    remove: (path) => (disk.has(path) ? change(path, () => disk.remove(path)) : Promise.resolve()),
    syncFolder: (folder) => change(folder, () => disk.syncFolder(folder)),
  };
}
