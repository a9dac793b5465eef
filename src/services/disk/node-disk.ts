// The disk by Node's own file system calls. What it makes is for the owner's eyes alone.
import { constants, fstatSync } from 'node:fs';
import { access, mkdir, open, readdir, readFile, rename, rm, statfs, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Disk, DiskFile } from './disk.ts';

const ownersFile = 0o600;
const ownersFolder = 0o700;

/**
 * On Linux a file can be opened so that each write is on the medium when it returns, "as though each write(2) was followed by a call to
 * fdatasync(2)" (open(2), O_DSYNC): one call to wait for instead of two. macOS knows the flag too, but leaves the bytes in the drive's cache.
 */
const writesThrough = process.platform === 'linux';
const { O_CREAT, O_EXCL, O_RDWR } = constants;
const readAndWrite = writesThrough ? O_RDWR | constants.O_DSYNC : O_RDWR;

export const nodeDisk: Disk = {
  create: async (path) => diskFile(await open(path, readAndWrite | O_CREAT | O_EXCL, ownersFile)),
  open: async (path) => diskFile(await open(path, readAndWrite)),
  read: (path) => readFile(path),
  exists: (path) =>
    access(path).then(
      () => true,
      () => false,
    ),
  list: (folder) => readdir(folder),
  makeFolder: async (folder) => {
    await mkdir(folder, { recursive: true, mode: ownersFolder });
  },
  rename,
  remove: (path) => rm(path, { recursive: true, force: true }),
  freeBytes,
  syncFolder: async (folder) => {
    const directory = await open(folder, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  },
};

const diskFile = (handle: FileHandle): DiskFile => ({
  size: () => fstatSync(handle.fd).size,
  write: async (bytes, position) => (await handle.write(bytes, 0, bytes.length, position)).bytesWritten,
  truncate: (size) => handle.truncate(size),
  sync: () => handle.sync(),
  datasync: async () => {
    if (!writesThrough) await handle.datasync();
  },
  close: () => handle.close(),
});

async function freeBytes(path: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isMissing || path === dirname(path)) throw error;
    return freeBytes(dirname(path));
  }
}
