// Which files the agent is given: those that the text names, else those that share words with it, within the model's room. Deterministic.
import { basename, dirname, extname, posix } from 'node:path';
import { editFilesMax, filesShareOfContextMax } from '../events/bounds.ts';
import { sourcesOnDisk, type Sources } from './source-files.ts';

export type ChosenFiles = {
  /** Relative paths that the agent may edit; may not exist yet. */
  edit: string[];
  /** Relative paths that it may read. */
  read: string[];
};

type Candidate = { path: string; bytes: number; score: number };

/** A low guess, so that the room is not overrun: code has three to four bytes a token. */
const bytesPerToken = 3;
const testFile = /(^|\/)(tests?|__tests__|spec)\/|[._-](test|spec)\.[a-z]+$|_test\.[a-z]+$|(^|\/)test_[^/]+\.py$/;

/** Files for a change that `text` asks for: at most six to edit, and their nearest tests to read. */
export async function chooseFiles(
  directory: string,
  wanted: { text: string; budgetTokens: number },
  sources: Sources = sourcesOnDisk,
): Promise<ChosenFiles> {
  const all = await sources.list(directory);
  const scored = all.map(({ path, bytes }) => ({ path, bytes, score: scoreOf(path, wanted.text) }));
  const named = scored.filter(({ score }) => score > 0);
  const room = wanted.budgetTokens * bytesPerToken * filesShareOfContextMax;
  const edit = withinRoom(
    named.length > 0 ? named : scored.filter(({ path }) => isCode(path) && !testFile.test(path)),
    room,
  );
  const read = edit.flatMap((path) => nearestTests(path, all)).filter((path) => !edit.includes(path));
  return { edit, read: await readable((path) => sources.sizeOf(directory, path), read, room) };
}

/** Files for tests of the `changed` ones: an existing test beside them, else a new one named as the repository does. */
export async function chooseTestFiles(
  directory: string,
  wanted: { changed: readonly string[]; budgetTokens: number },
  sources: Sources = sourcesOnDisk,
): Promise<ChosenFiles> {
  const all = await sources.list(directory);
  const code = wanted.changed.filter((path) => isCode(path) && !testFile.test(path));
  const changedTests = wanted.changed.filter((path) => testFile.test(path));
  const existing = [...changedTests, ...code.flatMap((path) => nearestTests(path, all))];
  const room = wanted.budgetTokens * bytesPerToken * filesShareOfContextMax;
  const fitting = (await readable((path) => sources.sizeOf(directory, path), existing, room)).slice(0, editFilesMax);
  const fresh = code.slice(0, 1).map((path) => newTestFor(path, all));
  // A test that is there but does not fit is not to be written over.
  const edit = fitting.length > 0 ? fitting : fresh.filter((path) => all.every((file) => file.path !== path));
  return { edit, read: await readable((path) => sources.sizeOf(directory, path), code, room) };
}

/** 3 for a path that the text gives, 2 for a file name, 1 for a name without its extension, each standing as a word. */
function scoreOf(path: string, text: string): number {
  if (names(text, path)) return 3;
  if (names(text, basename(path))) return 2;
  // A test is edited in this pass only if the text names the file itself.
  const stem = basename(path, extname(path));
  return isCode(path) && !testFile.test(path) && stem.length > 2 && names(text, stem, 'i') ? 1 : 0;
}

/** Not within a longer name: `data.js` does not name `a.js`. */
const names = (text: string, name: string, flags = ''): boolean =>
  new RegExp(`(?<![\\w-])${RegExp.escape(name)}(?![\\w-])`, flags).test(text);

function withinRoom(candidates: readonly Candidate[], roomBytes: number): string[] {
  const best = candidates.toSorted((a, b) => b.score - a.score || a.bytes - b.bytes || (a.path < b.path ? -1 : 1));
  const chosen: string[] = [];
  let used = 0;
  for (const { path, bytes } of best) {
    if (chosen.length === editFilesMax || used + bytes > roomBytes) continue;
    chosen.push(path);
    used += bytes;
  }
  return chosen.toSorted();
}

function nearestTests(path: string, all: readonly { path: string }[]): string[] {
  if (testFile.test(path)) return [];
  const stem = basename(path, extname(path));
  const sameStem = all.filter((file) => testFile.test(file.path) && basename(file.path).includes(stem));
  return sameStem.map((file) => file.path).slice(0, 2);
}

/** Where the repository keeps tests; without any, the habit of the language. */
function newTestFor(path: string, all: readonly { path: string }[]): string {
  const extension = extname(path);
  const stem = basename(path, extension);
  const example = all.find((file) => testFile.test(file.path) && extname(file.path) === extension)?.path;
  const folder = example === undefined ? dirname(path) : dirname(example);
  if (extension === '.py') return posix.join(example === undefined ? 'tests' : folder, `test_${stem}.py`);
  if (extension === '.go') return posix.join(dirname(path), `${stem}_test.go`);
  const infix = example !== undefined && /\.spec\.[a-z]+$/.test(example) ? 'spec' : 'test';
  return posix.join(example === undefined ? 'test' : folder, `${stem}.${infix}${extension}`);
}

/** Those of `paths` that are files and fit into the room, in their order. */
async function readable(
  sizeOf: (path: string) => Promise<number | undefined>,
  paths: readonly string[],
  roomBytes: number,
): Promise<string[]> {
  const chosen: string[] = [];
  let used = 0;
  for (const path of new Set(paths)) {
    const bytes = await sizeOf(path);
    if (bytes === undefined || used + bytes > roomBytes) continue;
    chosen.push(path);
    used += bytes;
  }
  return chosen;
}

const notCode = new Set(['.md', '.txt', '.json', '.yaml', '.yml', '.toml', '.html', '.css', '.scss']);
const isCode = (path: string): boolean => !notCode.has(extname(path));
