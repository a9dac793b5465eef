// Watches the tasks of one site to their ends: judges each when it has ended, and its repository once more before it is forgotten.
import { readFile } from 'node:fs/promises';
import type { JournalRecord } from '../../../src/events/journal-record.ts';
import { readJournal } from '../../../src/services/journal/read-journal.ts';
import { branchesOf } from '../github/bare-repository.ts';
import type { GitHub } from '../github/github.ts';
import { judgeIssue, judgeTask } from './judge.ts';
import type { Site } from './site.ts';
import type { Ending, SoakTask, SoakTasks } from './tasks.ts';

export type Tally = {
  ended: Record<Ending, number>;
  /** How often each code was written into a journal, whatever became of it. */
  failures: Record<string, number>;
  broken: string[];
};

/** Outages, hanging agents and restarts together stay well below this. */
const taskMaxMs = 15 * 60_000;

export class Watch {
  readonly #site: Site;
  readonly #tasks: SoakTasks;
  readonly #github: GitHub;
  readonly #tally: Tally;

  constructor(site: Site, tasks: SoakTasks, github: GitHub, tally: Tally) {
    this.#site = site;
    this.#tasks = tasks;
    this.#github = github;
    this.#tally = tally;
  }

  /** Looks at every open task once. */
  async look(): Promise<void> {
    const queued = new Set((await this.#site.sqs.messages()).map(({ body }) => body));
    for (const task of this.#tasks.open.values()) {
      if (!queued.has(task.text) && (await this.#site.state.findEnded(task.taskId))) await this.#judge(task);
      else if (performance.now() - task.sentAt > taskMaxMs) await this.#giveUp(task);
    }
    for (const { repository, tasks } of this.#tasks.finished(false)) {
      if (tasks.every(({ text }) => !queued.has(text))) await this.#leave(repository, tasks);
    }
  }

  /** When nothing is open any more. */
  async leaveAll(): Promise<void> {
    for (const { repository, tasks } of this.#tasks.finished(true)) await this.#leave(repository, tasks);
  }

  /** Of the task's journal, wherever it is; none if there is no journal yet. */
  async recordsOf({ taskId }: SoakTask): Promise<readonly JournalRecord[]> {
    const { state } = this.#site;
    const bytes = await readFile(state.journal(taskId)).catch(async () => {
      const path = await state.findEnded(taskId);
      return path === undefined ? Buffer.alloc(0) : readFile(path);
    });
    return readJournal(bytes, taskId).records;
  }

  async #judge(task: SoakTask): Promise<void> {
    const { ending, codes, broken } = await judgeTask(task, await this.recordsOf(task), this.#github);
    this.#tasks.close(task, ending);
    this.#tally.ended[ending] += 1;
    for (const code of codes) this.#tally.failures[code] = (this.#tally.failures[code] ?? 0) + 1;
    for (const problem of broken) this.#breach(task, problem);
  }

  async #giveUp(task: SoakTask): Promise<void> {
    const types = (await this.recordsOf(task)).map(({ type }) => type).join(' ');
    this.#tasks.close(task, 'lost');
    this.#tally.ended.lost += 1;
    this.#breach(task, `it has not ended; its journal: ${types || 'none'}`);
  }

  /** A late effect or a second message may have spoilt what was right when the task ended. */
  async #leave(repository: string, tasks: readonly SoakTask[]): Promise<void> {
    for (const task of tasks) {
      if (task.ending === undefined || task.ending === 'lost') continue;
      const broken = await judgeIssue(task, task.ending, this.#github);
      for (const problem of broken) this.#breach(task, `${problem}, some time after its end`);
    }
    const published = tasks.filter(({ ending }) => ending === 'published');
    const wanted = new Set(['main', ...published.map(({ number }) => `ai/issue-${number}`)]);
    const branches = [...(await branchesOf(this.#github.gitDirectory(repository))).keys()];
    const strange = branches.filter((branch) => !wanted.has(branch));
    if (strange.length > 0)
      this.#tally.broken.push(`${repository}: branches that nobody asked for: ${strange.join(', ')}`);
    await this.#tasks.forget(repository);
  }

  #breach({ taskId, repository, number, interference }: SoakTask, problem: string): void {
    const what = interference.size === 0 ? '' : ` (${[...interference].join(', ')})`;
    this.#tally.broken.push(`${this.#site.name}, ${taskId}, ${repository}#${number}${what}: ${problem}`);
  }
}
