// The agent works on copies of the files it is given, in a folder that holds nothing else: no configuration, link or hook of the repository
// can reach it, a killed run leaves the working copy untouched, and only what it may change is taken over.
import { copyFile, lstat, mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, sep } from 'node:path';
import { coded } from '../../events/failure.ts';
import { elisionIn } from './elision.ts';
import { filesBelow } from './files-below.ts';
import { asBefore } from './line-endings.ts';

export type View = {
  /** Absolute path of the folder that the agent works in. */
  directory: string;
  /** The given files that were copied, in order; the others are links, folders, binary or control the agent itself. */
  editFiles: string[];
  readFiles: string[];
  /** Given paths that were left out. */
  leftOut: string[];
};

export type Takeover = {
  /** Changed and new files that are now in the working copy. */
  taken: string[];
  /** Paths that the agent wrote but may not change, with the reason. */
  refused: { path: string; reason: string }[];
};

type Given = { directory: string; editFiles: readonly string[]; readFiles: readonly string[] };

/** Copies the given files into `target`, which is emptied first. Throws `CW-WORKSPACE-LOST`, and when a path leaves the working copy: the caller's mistake. */
export const makeView = (given: Given, target: string): Promise<View> =>
  onWholeCopy(given.directory, copyGiven(given, target));

async function copyGiven(given: Given, target: string): Promise<View> {
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  const view: View = { directory: target, editFiles: [], readFiles: [], leftOut: [] };
  for (const path of new Set([...given.editFiles, ...given.readFiles])) {
    const isEdited = given.editFiles.includes(path);
    const kind = isAgentFile(path) ? 'other' : await kindOf(given.directory, path);
    if (kind === 'file') await copyInto(given.directory, target, path);
    const list = kind === 'file' || (kind === 'new' && isEdited) ? (isEdited ? 'editFiles' : 'readFiles') : 'leftOut';
    view[list].push(path);
  }
  return view;
}

/**
 * Brings what the agent changed in the view into the working copy: given files, and files that did not exist there. All or nothing: throws
 * `CW-AGENT-EDIT-FORMAT` when a file came back with a part left out, and `CW-WORKSPACE-LOST`.
 */
export const takeOver = (given: Given, view: View): Promise<Takeover> =>
  onWholeCopy(given.directory, takeChanges(given, view));

async function takeChanges(given: Given, view: View): Promise<Takeover> {
  const changes: { path: string; content: Buffer }[] = [];
  const refused: Takeover['refused'] = [];
  for (const path of await filesBelow(view.directory)) {
    const written = await readFile(join(view.directory, path));
    const kind = await kindOf(given.directory, path);
    const before = kind === 'file' ? await readFile(join(given.directory, path)) : undefined;
    if (before !== undefined && before.equals(written)) continue;
    // Aider makes an empty file of each new path that it is given, whether the model writes it or not.
    if (kind === 'new' && written.length === 0 && view.editFiles.includes(path)) continue;
    const reason = refusal(path, kind, view);
    if (reason !== undefined) {
      refused.push({ path, reason });
      continue;
    }
    const elision = elisionIn(before?.toString('utf8') ?? '', written.toString('utf8'));
    if (elision !== undefined) {
      throw coded('CW-AGENT-EDIT-FORMAT', `The model left out a part of ${path}; it wrote: ${elision}`);
    }
    changes.push({ path, content: asBefore(before, written) });
  }
  for (const { path, content } of changes) await put(given.directory, path, content);
  return { taken: changes.map(({ path }) => path), refused };
}

type Kind = 'file' | 'new' | 'other';

/** What `path` is in the working copy, where no part of the way may be a link. */
async function kindOf(directory: string, path: string): Promise<Kind> {
  assertInside(path);
  const found = await lstat(join(directory, path)).catch(noEntry);
  if (found !== undefined && !found.isFile()) return 'other';
  if (path.split('/').some((part) => part.toLowerCase() === '.git')) return 'other';
  let parent = dirname(join(directory, path));
  while ((await lstat(parent).catch(noEntry)) === undefined) parent = dirname(parent);
  const root = await realpath(directory);
  const reached = join(root, parent.slice(directory.length));
  if ((await realpath(parent)) !== normalize(reached).replace(/\/$/, '')) return 'other';
  if (!(await lstat(parent)).isDirectory()) return 'other';
  return found === undefined ? 'new' : 'file';
}

/** The working copy, or a part of it, may be taken away meanwhile: then there is nothing that edits could be compared with. */
async function onWholeCopy<Result>(directory: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    const { code, path = '' } = cause instanceof Error ? (cause as NodeJS.ErrnoException) : {}; // its fields are optional
    if (code !== 'ENOENT' || !path.startsWith(directory)) throw cause;
    throw coded('CW-WORKSPACE-LOST', 'The working copy of this task disappeared while it was in use.', { cause });
  }
}

function refusal(path: string, kind: Kind, view: View): string | undefined {
  if (isAgentFile(path)) return 'it belongs to the agent itself';
  if (view.editFiles.includes(path) || kind === 'new') return undefined;
  if (kind === 'other') return 'it is a link, a folder or below one, or git’s own';
  return view.readFiles.includes(path) ? 'it was given to read only' : 'it exists, and the agent was not shown it';
}

/** At the top of its folder, Aider reads these as configuration, or keeps its own notes in them. */
const isAgentFile = (path: string): boolean => path === '.env' || path.toLowerCase().startsWith('.aider');

function assertInside(path: string): void {
  if (path === '' || isAbsolute(path) || normalize(path) !== path || path.split(sep).includes('..')) {
    throw new TypeError(`not a path inside the working copy: ${JSON.stringify(path)}`);
  }
}

async function copyInto(from: string, to: string, path: string): Promise<void> {
  await mkdir(dirname(join(to, path)), { recursive: true });
  await copyFile(join(from, path), join(to, path));
}

async function put(directory: string, path: string, content: Buffer): Promise<void> {
  await mkdir(dirname(join(directory, path)), { recursive: true });
  await writeFile(join(directory, path), content);
}

function noEntry(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}
