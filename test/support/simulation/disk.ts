// A disk in memory that knows what would survive a loss of power: content that was synced, and names whose folder was.
import { basename, dirname } from 'node:path';
import type { Random } from './random.ts';

/** One file: what programs read, and what is on the medium. `dropped` counts bytes from there whose failed sync threw them away unsaid. */
type File = { cached: Buffer; durable: Buffer; dropped?: { from: number; to: number } };
type Node = File | 'folder';
type Names = Map<string, Node>;
type Change = { folders: readonly string[]; apply: (names: Names) => void };

export class SimulatedDisk {
  #names: Names = new Map<string, Node>([['/', 'folder']]);
  #durableNames: Names = new Map(this.#names);
  #pending: Change[] = [];

  file(path: string): File | undefined {
    const node = this.#names.get(path);
    return node === 'folder' ? undefined : node;
  }

  has(path: string): boolean {
    return this.#names.has(path);
  }

  /** Every name, sorted. */
  paths(): string[] {
    return [...this.#names.keys()].toSorted();
  }

  list(folder: string): string[] {
    return [...this.#names.keys()]
      .filter((path) => path !== '/' && dirname(path) === folder)
      .map((path) => basename(path));
  }

  addFolder(path: string): void {
    if (this.#names.has(path)) return;
    this.addFolder(dirname(path));
    this.#change([dirname(path)], (names) => names.set(path, 'folder'));
  }

  addFile(path: string): File {
    const file: File = { cached: Buffer.alloc(0), durable: Buffer.alloc(0) };
    this.#change([dirname(path)], (names) => names.set(path, file));
    return file;
  }

  move(from: string, to: string): void {
    this.#change([dirname(from), dirname(to)], (names) => {
      for (const [path, node] of names) {
        if (path !== from && !path.startsWith(`${from}/`)) continue;
        names.delete(path);
        names.set(to + path.slice(from.length), node);
      }
    });
  }

  remove(path: string): void {
    if (!this.#names.has(path)) return;
    this.#change([dirname(path)], (names) => {
      for (const name of names.keys()) if (name === path || name.startsWith(`${path}/`)) names.delete(name);
    });
  }

  /** Journalling file systems keep the order of changes: what a folder's sync saves, it saves with all before it. */
  syncFolder(folder: string): void {
    const last = this.#pending.findLastIndex(({ folders }) => folders.includes(folder));
    for (const change of this.#pending.splice(0, last + 1)) change.apply(this.#durableNames);
  }

  sync(file: File): void {
    const content = Buffer.from(file.cached);
    if (file.dropped) content.fill(0, file.dropped.from, file.dropped.to);
    file.durable = content;
  }

  /** As Linux does it: the pages count as clean afterwards, so that no later sync writes them. */
  failSync(file: File): void {
    file.dropped = { from: file.dropped?.from ?? file.durable.length, to: file.cached.length };
  }

  /** Bytes that were written anew are dirty again, and the next sync writes them. */
  write(file: File, bytes: Buffer, position: number): void {
    const end = position + bytes.length;
    const content = Buffer.alloc(Math.max(end, file.cached.length));
    file.cached.copy(content);
    bytes.copy(content, position);
    file.cached = content;
    if (file.dropped === undefined) return;
    const { from, to } = file.dropped;
    if (position <= from && end > from) file.dropped.from = Math.min(end, to);
    if (position < to && end >= to) file.dropped.to = Math.max(position, from);
    if (file.dropped.from >= file.dropped.to) delete file.dropped;
  }

  truncate(file: File, size: number): void {
    file.cached = Buffer.from(file.cached.subarray(0, size));
    if (file.dropped && file.dropped.from >= size) delete file.dropped;
  }

  /** The content that a loss of power now would leave at `path`, at worst. */
  surviving(path: string): Buffer | undefined {
    if (!this.#isReachable(path)) return undefined;
    const node = this.#durableNames.get(path);
    return node === 'folder' ? undefined : node?.durable;
  }

  survivingPaths(): string[] {
    return [...this.#durableNames.keys()].filter((path) => this.#isReachable(path));
  }

  /** What was not synced is lost, in whole or from some place on; names too, the latest first. */
  losePower(random: Random): void {
    const kept = this.#pending.slice(0, random.whole(0, this.#pending.length));
    for (const { apply } of kept) apply(this.#durableNames);
    this.#pending = [];
    for (const path of this.#durableNames.keys()) if (!this.#isReachable(path)) this.#durableNames.delete(path);
    for (const node of this.#durableNames.values()) {
      if (node === 'folder') continue;
      node.durable = torn(node, random);
      node.cached = node.durable;
      delete node.dropped;
    }
    this.#names = new Map(this.#durableNames);
  }

  #isReachable(path: string): boolean {
    return path === '/' || (this.#durableNames.has(path) && this.#isReachable(dirname(path)));
  }

  #change(folders: readonly string[], apply: (names: Names) => unknown): void {
    const change: Change = { folders, apply: (names) => void apply(names) };
    change.apply(this.#names);
    this.#pending.push(change);
  }
}

/** The length of a file may reach the medium before its content: then there are zeros. */
function torn({ cached, durable, dropped }: File, random: Random): Buffer {
  if (cached.equals(durable) || dropped || cached.length < durable.length) return durable;
  const kept = random.whole(durable.length, cached.length);
  if (random.chance(0.3)) return Buffer.concat([cached.subarray(0, kept), Buffer.alloc(cached.length - kept)]);
  return cached.subarray(0, kept);
}
