// An agent program that edits at once by a story, counts its starts and can be held in mid-run: for cases about what is killed or stopped around it.
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What each pass (`generate`, `tests`, `fix-1` …) writes: content by path. A pass that is not named changes nothing. */
export type Edits = Readonly<Record<string, Readonly<Record<string, string>>>>;

export type QuickAgent = {
  /** Value for `agent.command`. */
  command: string;
  /** The passes that were started for a task, in order, with repetitions. */
  starts: (taskId: string) => Promise<string[]>;
  /** From now on a run of this pass waits before it edits, until it is released. */
  hold: (pass: string) => Promise<void>;
  release: (pass: string) => Promise<void>;
};

const script = fileURLToPath(new URL('./aider', import.meta.url));

/** Installs it below `folder`. */
export async function installQuickAgent(folder: string, edits: Edits): Promise<QuickAgent> {
  for (const [pass, files] of Object.entries(edits)) {
    for (const [path, text] of Object.entries(files)) {
      const file = join(folder, 'edits', pass, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
  }
  await mkdir(join(folder, 'hold'), { recursive: true });
  await symlink(script, join(folder, 'aider'));
  return {
    command: join(folder, 'aider'),
    async starts(taskId) {
      const text = await readFile(join(folder, 'starts'), 'utf8').catch(() => '');
      const lines = text.split('\n').map((line) => line.split(' '));
      return lines.flatMap(([task, pass]) => (task === taskId && pass !== undefined ? [pass] : []));
    },
    hold: (pass) => writeFile(join(folder, 'hold', pass), ''),
    release: (pass) => rm(join(folder, 'hold', pass), { force: true }),
  };
}
