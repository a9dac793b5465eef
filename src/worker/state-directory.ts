// What a worker keeps on disk: journals in flight under active/, ended ones under done/<yyyy-mm>/, logs.
import { basename, join } from 'node:path';
import { coded } from '../events/failure.ts';
import type { JournalRecord } from '../events/journal-record.ts';
import { fold } from '../machines/fold.ts';
import type { Disk } from '../services/disk/disk.ts';
import { Journal, type Medium } from '../services/journal/journal.ts';
import { readJournal } from '../services/journal/read-journal.ts';

const suffix = '.jsonl';

export class StateDirectory {
  readonly root: string;
  readonly #medium: Medium;

  /** `root` is absolute. */
  constructor(root: string, medium: Medium) {
    this.root = root;
    this.#medium = medium;
  }

  get disk(): Disk {
    return this.#medium.disk;
  }

  /** For the agent's adapter alone; empty while no agent is asked for its version. */
  get agentScratch(): string {
    return join(this.root, 'agent');
  }

  get logs(): string {
    return join(this.root, 'logs');
  }

  /** What the operator asks of the worker; see requests.ts. */
  get requests(): string {
    return join(this.root, 'requests');
  }

  /** Throws `CW-CONFIG-INVALID` when it cannot be made: it is a file, or belongs to somebody else. */
  async prepare(): Promise<void> {
    try {
      for (const folder of ['active', 'done', 'logs', 'requests']) await this.disk.makeFolder(join(this.root, folder));
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw coded('CW-CONFIG-INVALID', `stateDirectory: ${this.root} cannot be used: ${why}`, { cause });
    }
  }

  journal(taskId: string): string {
    return join(this.root, 'active', `${taskId}${suffix}`);
  }

  /** Throws as `Journal.create`. */
  createJournal(taskId: string): Promise<Journal> {
    return Journal.create(this.#medium, this.journal(taskId), taskId);
  }

  /** Throws as `Journal.open`, and for a torn journal as `fold`. */
  openJournal(taskId: string): Promise<Journal | undefined> {
    return Journal.open(this.#medium, this.journal(taskId), taskId, fold);
  }

  /** What an active task's journal says so far; whoever writes it goes on doing so. Throws `CW-JOURNAL-CORRUPT`, `CW-JOURNAL-VERSION`. */
  async readRecords(taskId: string): Promise<JournalRecord[]> {
    const path = this.journal(taskId);
    return readJournal(await this.disk.read(path), basename(path)).records;
  }

  /** Folder beside the journal for what is too large for it: transcripts, logs of commands. */
  files(taskId: string): string {
    return join(this.root, 'active', taskId);
  }

  /** Ids of the tasks that have not ended. */
  async activeTasks(): Promise<string[]> {
    const names = await this.disk.list(join(this.root, 'active'));
    return names
      .filter((name) => name.endsWith(suffix))
      .map((name) => name.slice(0, -suffix.length))
      .toSorted();
  }

  async isActive(taskId: string): Promise<boolean> {
    return this.disk.exists(this.journal(taskId));
  }

  /** The journal of a task that ended, if there is one. */
  async findEnded(taskId: string): Promise<string | undefined> {
    for (const month of await this.#months()) {
      const path = join(this.root, 'done', month, `${taskId}${suffix}`);
      if (await this.disk.exists(path)) return path;
    }
    return undefined;
  }

  /** Moves an ended task's journal and files to done/. The journal goes last: while it is active, the move is not finished. */
  async archive(taskId: string, endedAt: number): Promise<string> {
    const folder = join(this.root, 'done', new Date(endedAt).toISOString().slice(0, 7));
    await this.disk.makeFolder(folder);
    if (await this.disk.exists(this.files(taskId))) {
      await this.disk.remove(join(folder, taskId));
      await this.disk.rename(this.files(taskId), join(folder, taskId));
    }
    const path = join(folder, `${taskId}${suffix}`);
    await this.disk.rename(this.journal(taskId), path);
    // The month's folder may be new, and then its own name must be on disk too.
    for (const changed of [folder, join(this.root, 'done'), join(this.root, 'active')])
      await this.disk.syncFolder(changed);
    return path;
  }

  /** Puts a journal that cannot be used out of the way, unchanged; nothing to do when it is there already. Returns where it is. */
  async setAside(taskId: string): Promise<string> {
    const path = this.#setAsidePath(taskId);
    if (await this.isActive(taskId)) {
      await this.disk.rename(this.journal(taskId), path);
      await this.disk.syncFolder(join(this.root, 'active'));
    }
    return path;
  }

  async isSetAside(taskId: string): Promise<boolean> {
    return this.disk.exists(this.#setAsidePath(taskId));
  }

  #setAsidePath(taskId: string): string {
    return `${this.journal(taskId)}.set-aside`;
  }

  /** Newest first. */
  async #months(): Promise<string[]> {
    const names = await this.disk.list(join(this.root, 'done')).catch(() => []);
    return names.toSorted((a, b) => b.localeCompare(a));
  }
}
