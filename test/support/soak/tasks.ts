// The tasks of one site: filed, sent, and remembered until their repository has been looked at for the last time.
import { parseTaskMessage } from '../../../src/events/task-message.ts';
import { taskOf } from '../../../src/events/task.ts';
import type { GitHub } from '../github/github.ts';
import type { Random } from '../simulation/random.ts';
import { issueMessage } from '../world.ts';
import { owner, type Site } from './site.ts';
import { drawStory, files, issueOf, type StoryName } from './stories.ts';

export type Interference = 'cancel' | 'workspace-removed';
/** `lost`: it has not ended in all the time that it was given. */
export type Ending = 'published' | 'failed-permanent' | 'cancelled' | 'lost';

export type SoakTask = {
  taskId: string;
  repository: string;
  number: number;
  text: string;
  story: StoryName;
  /** By `performance.now()`. */
  sentAt: number;
  /** What was done to it that may change how it ends. */
  interference: Set<Interference>;
  ending?: Ending;
  /** It was cancelled after a publication or an explanation had begun and failed: one of them may stand. */
  mayHaveTold?: boolean;
};

/** So many tasks share one repository, which is then looked at once more and forgotten: the stand-in keeps all in memory. */
const tasksInRepository = 12;

export class SoakTasks {
  readonly open = new Map<string, SoakTask>();
  /** Messages that were sent and are no tasks. */
  readonly malformed = new Set<string>();
  readonly #site: Site;
  readonly #github: GitHub;
  readonly #repositories = new Map<string, SoakTask[]>();
  /** The one that new tasks go to. */
  #current: { name: string; room: number } | undefined;
  #made = 0;
  sent = 0;

  constructor(site: Site, github: GitHub) {
    this.#site = site;
    this.#github = github;
  }

  /** Files an issue and sends its message. */
  async send(random: Random, signal: AbortSignal): Promise<void> {
    const repository = await this.#room();
    const story = drawStory(random);
    const issue = issueOf(story);
    const facts = { ...issue, labels: ['ai-task'], author: 'mei' };
    const { number } = this.#github.createIssue(repository, facts);
    const text = issueMessage({ repository, number, ...issue });
    const { id: taskId } = taskOf(parseTaskMessage(text));
    const sentAt = performance.now();
    const task = { taskId, repository, number, text, story, sentAt, interference: new Set<Interference>() };
    this.open.set(taskId, task);
    this.#repositories.get(repository)?.push(task);
    this.sent += 1;
    await this.#site.queue.send(text, signal);
  }

  /** A task that is remembered, ended or not. */
  any(random: Random): SoakTask | undefined {
    const all = [...this.#repositories.values()].flat();
    return all.length === 0 ? undefined : random.pick(all);
  }

  byText(text: string): SoakTask | undefined {
    return [...this.#repositories.values()].flat().find((task) => task.text === text);
  }

  close(task: SoakTask, ending: Ending): void {
    task.ending = ending;
    this.open.delete(task.taskId);
  }

  /** Repositories whose tasks have all ended and that get no more of them; with `all`, also the one that had room. */
  finished(all: boolean): { repository: string; tasks: SoakTask[] }[] {
    return [...this.#repositories]
      .filter(([name, tasks]) => (all || name !== this.#current?.name) && tasks.every(({ ending }) => ending))
      .map(([repository, tasks]) => ({ repository, tasks }));
  }

  async forget(repository: string): Promise<void> {
    this.#repositories.delete(repository);
    await this.#github.forget(repository);
  }

  async #room(): Promise<string> {
    if (this.#current === undefined || this.#current.room === 0) {
      this.#made += 1;
      const name = `${owner}/${this.#site.name}-${this.#made}`;
      await this.#github.createRepository({ fullName: name, files });
      this.#repositories.set(name, []);
      this.#current = { name, room: tasksInRepository };
    }
    this.#current.room -= 1;
    return this.#current.name;
  }
}
