// The git server in memory: one repository's branches, and whose commits they hold. Updates name the value that they expect, as ours do.
import { createHash } from 'node:crypto';

export type Commit = { id: string; parent: string | undefined; message: string };

export const defaultBranch = 'main';

export class SimulatedGit {
  readonly commits = new Map<string, Commit>();
  readonly branches = new Map<string, string>();
  /** Branches whose people's commits were thrown away, which must never happen. */
  readonly overwritten: string[] = [];

  constructor() {
    this.branches.set(defaultBranch, this.commit(undefined, 'Begin', 'people'));
  }

  /** Equal content on an equal parent is an equal commit. */
  commit(parent: string | undefined, message: string, content: string): string {
    const id = createHash('sha1').update(`${parent}\n${message}\n${content}`).digest('hex');
    this.commits.set(id, { id, parent, message });
    return id;
  }

  /** The task whose worker made the commit; undefined for people's. */
  taskOf(id: string): string | undefined {
    return /^CodingWorker-Task: (.+)$/m.exec(this.commits.get(id)?.message ?? '')?.[1];
  }

  /** Sets or, with null, deletes a branch if it is at `expected`. */
  update(branch: string, expected: string | null, to: string | null): boolean {
    const now = this.branches.get(branch) ?? null;
    if (now === to) return true;
    if (now !== expected) return false;
    if (now !== null && this.taskOf(now) === undefined && !this.#descends(to, now)) this.overwritten.push(branch);
    if (to === null) this.branches.delete(branch);
    else this.branches.set(branch, to);
    return true;
  }

  #descends(id: string | null, ancestor: string): boolean {
    for (let at = id ?? undefined; at !== undefined; at = this.commits.get(at)?.parent)
      if (at === ancestor) return true;
    return false;
  }
}
