// The disk port over a simulated disk. How long a call takes and whether it fails is another's business: its manner.
import { dirname } from 'node:path';
import type { Disk, DiskFile } from '../../../src/services/disk/disk.ts';
import type { SimulatedDisk } from './disk.ts';

export type DiskCall = { name: Exclude<keyof Disk | keyof DiskFile, 'datasync' | 'size' | 'close'>; path: string };

export type DiskManner = {
  /** Lets `effect` happen at one instant, or rejects in its place; a sync that fails must call `spoil` first. */
  perform<T>(call: DiskCall, effect: () => T, spoil?: () => void): Promise<T>;
  /** How many of the bytes that are to be written are: at least one. */
  portion(bytes: number): number;
  /** Whether the disk says that it is full, for who asks before writing. */
  isFull?(): boolean;
};

/** Nothing takes time or fails. */
export const soundDisk: DiskManner = { perform: async (_call, effect) => effect(), portion: (bytes) => bytes };

/** A system error as Node's. */
export const systemError = (code: string, path: string): Error =>
  Object.assign(new Error(`${code}: ${path}`), { code });

/** Calls that change nothing, among them a folder made that is there, take no time and cannot fail but for what they ask for. */
export function diskPort(disk: SimulatedDisk, manner: DiskManner): Disk {
  const need = <T>(value: T | undefined, path: string): T => {
    if (value === undefined) throw systemError('ENOENT', path);
    return value;
  };
  const handle = (path: string): DiskFile => {
    const file = need(disk.file(path), path);
    const sync = (): Promise<void> =>
      manner.perform(
        { name: 'sync', path },
        () => disk.sync(file),
        () => disk.failSync(file),
      );
    return {
      size: () => file.cached.length,
      write: (bytes, position) =>
        manner.perform({ name: 'write', path }, () => {
          const written = bytes.subarray(0, manner.portion(bytes.length));
          disk.write(file, written, position);
          return written.length;
        }),
      truncate: (size) => manner.perform({ name: 'truncate', path }, () => disk.truncate(file, size)),
      sync,
      datasync: sync,
      close: async () => {},
    };
  };
  return {
    create: (path) =>
      manner.perform({ name: 'create', path }, () => {
        if (disk.has(path)) throw systemError('EEXIST', path);
        if (!disk.has(dirname(path))) throw systemError('ENOENT', path);
        disk.addFile(path);
        return handle(path);
      }),
    open: (path) => manner.perform({ name: 'open', path }, () => handle(path)),
    read: (path) => manner.perform({ name: 'read', path }, () => Buffer.from(need(disk.file(path), path).cached)),
    exists: (path) => manner.perform({ name: 'exists', path }, () => disk.has(path)),
    list: (folder) =>
      manner.perform({ name: 'list', path: folder }, () => {
        if (!disk.has(folder)) throw systemError('ENOENT', folder);
        return disk.list(folder);
      }),
    makeFolder: (path) =>
      disk.has(path) ? Promise.resolve() : manner.perform({ name: 'makeFolder', path }, () => disk.addFolder(path)),
    rename: (from, to) =>
      manner.perform({ name: 'rename', path: from }, () => {
        if (!disk.has(from)) throw systemError('ENOENT', from);
        disk.move(from, to);
      }),
    remove: (path) =>
      disk.has(path) ? manner.perform({ name: 'remove', path }, () => disk.remove(path)) : Promise.resolve(),
    freeBytes: async () => (manner.isFull?.() === true ? 0 : Number.MAX_SAFE_INTEGER),
    syncFolder: (folder) => manner.perform({ name: 'syncFolder', path: folder }, () => disk.syncFolder(folder)),
  };
}
