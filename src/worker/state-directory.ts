// What a worker keeps on disk: journals in flight under active/, ended ones under done/<yyyy-mm>/, logs.
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { syncDirectory } from '../services/journal/journal.ts';

const suffix = '.jsonl';

export class StateDirectory {
  readonly root: string;

  /** `root` is absolute. */
  constructor(root: string) {
    this.root = root;
  }

  get logs(): string {
    return join(this.root, 'logs');
  }

  async prepare(): Promise<void> {
    for (const folder of ['active', 'done', 'logs']) {
      await mkdir(join(this.root, folder), { recursive: true, mode: 0o700 });
    }
  }

  journal(taskId: string): string {
    return join(this.root, 'active', `${taskId}${suffix}`);
  }

  /** Folder beside the journal for what is too large for it: transcripts, logs of commands. */
  files(taskId: string): string {
    return join(this.root, 'active', taskId);
  }

  /** Ids of the tasks that have not ended. */
  async activeTasks(): Promise<string[]> {
    const names = await readdir(join(this.root, 'active'));
    return names
      .filter((name) => name.endsWith(suffix))
      .map((name) => name.slice(0, -suffix.length))
      .toSorted();
  }

  async isActive(taskId: string): Promise<boolean> {
    return exists(this.journal(taskId));
  }

  /** The journal of a task that ended, if there is one. */
  async findEnded(taskId: string): Promise<string | undefined> {
    for (const month of await monthsOf(join(this.root, 'done'))) {
      const path = join(this.root, 'done', month, `${taskId}${suffix}`);
      if (await exists(path)) return path;
    }
    return undefined;
  }

  /** Moves an ended task's journal and files to done/. The journal goes last: while it is active, the move is not finished. */
  async archive(taskId: string, endedAt: number): Promise<string> {
    const folder = join(this.root, 'done', new Date(endedAt).toISOString().slice(0, 7));
    await mkdir(folder, { recursive: true });
    if (await exists(this.files(taskId))) {
      await rm(join(folder, taskId), { recursive: true, force: true });
      await rename(this.files(taskId), join(folder, taskId));
    }
    const path = join(folder, `${taskId}${suffix}`);
    await rename(this.journal(taskId), path);
    // The month's folder may be new, and then its own name must be on disk too.
    for (const changed of [folder, join(this.root, 'done'), join(this.root, 'active')]) await syncDirectory(changed);
    return path;
  }

  /** Puts a journal that cannot be used out of the way, unchanged; nothing to do when it is there already. Returns where it is. */
  async setAside(taskId: string): Promise<string> {
    const path = this.#setAsidePath(taskId);
    if (await this.isActive(taskId)) {
      await rename(this.journal(taskId), path);
      await syncDirectory(join(this.root, 'active'));
    }
    return path;
  }

  async isSetAside(taskId: string): Promise<boolean> {
    return exists(this.#setAsidePath(taskId));
  }

  #setAsidePath(taskId: string): string {
    return `${this.journal(taskId)}.set-aside`;
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

async function monthsOf(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.toSorted((a, b) => b.localeCompare(a));
}
