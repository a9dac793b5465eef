// The source files of a working copy: what an agent may be given to read or edit. Links are not followed, what cannot be read is passed over.
import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { extname, join, posix } from 'node:path';
import { sourceFilesMax } from '../events/bounds.ts';

export type SourceFile = {
  /** Relative to the working copy. */
  path: string;
  bytes: number;
};

/** A working copy's files, as the choice for the agent needs them. */
export type Sources = {
  list(directory: string): Promise<SourceFile[]>;
  sizeOf(directory: string, path: string): Promise<number | undefined>;
};

const ignoredFolders = new Set(['.git', 'node_modules', '.venv', 'dist', 'build', 'target', 'vendor', 'coverage']);
const sourceExtensions = new Set(
  '.c .cc .cpp .cs .css .go .h .hpp .html .java .js .json .jsx .kt .md .mjs .cjs .php .py .rb .rs .scss .sh .sql .swift .toml .ts .tsx .txt .vue .yaml .yml'.split(
    ' ',
  ),
);
const lockFiles = /^(package-lock\.json|pnpm-lock\.yaml|yarn\.lock|Cargo\.lock|go\.sum|poetry\.lock|uv\.lock)$/;

/** In the order of their paths, so that every machine sees the same. */
export async function sourceFiles(directory: string): Promise<SourceFile[]> {
  const found: SourceFile[] = [];
  await collect(directory, '', found);
  return found.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** Size of a file below `directory`; undefined for what is no file, or a link, or outside. */
export async function sizeOf(directory: string, path: string): Promise<number | undefined> {
  if (posix.normalize(path).split('/')[0] === '..' || posix.isAbsolute(path)) return undefined;
  const found = await lstat(join(directory, path)).catch(() => undefined);
  return found?.isFile() === true ? found.size : undefined;
}

async function collect(directory: string, folder: string, found: SourceFile[]): Promise<void> {
  for (const entry of await entriesOf(join(directory, folder))) {
    if (found.length >= sourceFilesMax) return;
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!ignoredFolders.has(entry.name)) await collect(directory, path, found);
    } else if (entry.isFile() && sourceExtensions.has(extname(entry.name)) && !lockFiles.test(entry.name)) {
      const bytes = await sizeOf(directory, path);
      if (bytes !== undefined) found.push({ path, bytes });
    }
  }
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

export const sourcesOnDisk: Sources = { list: sourceFiles, sizeOf };
