// The port to the disk, as far as the state directory uses it. What is not synced may be lost with the power, names as well as content.

/** An open file. Every method rejects, and `size` throws, with Node's system errors (`code`: ENOSPC, EIO …). */
export type DiskFile = {
  /** Bytes. The system has an open file's length in memory, so there is nothing to wait for. */
  size(): number;
  /** Writes at `position`, perhaps fewer bytes than asked for. Returns how many. */
  write(bytes: Buffer, position: number): Promise<number>;
  truncate(size: number): Promise<void>;
  /** Content, length and other facts are on the medium afterwards (fsync). */
  sync(): Promise<void>;
  /** Content and length are on the medium afterwards (fdatasync). */
  datasync(): Promise<void>;
  close(): Promise<void>;
};

/** Paths are absolute. Every method rejects with Node's system errors. */
export type Disk = {
  /** Rejects with EEXIST when there is something by that name. */
  create(path: string): Promise<DiskFile>;
  /** For reading and writing. Rejects with ENOENT. */
  open(path: string): Promise<DiskFile>;
  read(path: string): Promise<Buffer>;
  exists(path: string): Promise<boolean>;
  /** Names in a folder, in no order. Rejects with ENOENT. */
  list(folder: string): Promise<string[]>;
  /** With the folders above it; nothing to do when it is there. */
  makeFolder(folder: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** A file, or a folder with all in it; nothing to do when it is not there. */
  remove(path: string): Promise<void>;
  /** Bytes that this user may still write where the path is, or would be. */
  freeBytes(path: string): Promise<number>;
  /** The names in the folder are on the medium afterwards: a new or moved file is safe only then. */
  syncFolder(folder: string): Promise<void>;
};
