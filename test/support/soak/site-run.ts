// One worker's part of the soak: it is fed, struck and watched until enough was sent, brought to rest in between and at the end, and read each time.
import { Random } from '../simulation/random.ts';
import type { World } from '../world.ts';
import { liveHeapMiB } from './live-heap.ts';
import { letTimePass, type Passed } from './passing-time.ts';
import { readWorker, type Reading } from './readings.ts';
import { openSite, type Site } from './site.ts';
import { SoakTasks } from './tasks.ts';
import { makeTrouble, pause } from './trouble.ts';
import { Watch, type Tally } from './watch.ts';

export type RunFacts = {
  name: string;
  slots: number;
  /** Whether its worker is killed and stopped, too. */
  mortal: boolean;
  world: World;
  tally: Tally;
  passed: Passed;
  /** Milliseconds between two faults, at most. */
  calmMs: number;
  /** Milliseconds between coming to rest and being read. */
  restMs: number;
  note: (trouble: string) => void;
  random: Random;
};

/** A worker that waits for messages and has nothing to do. */
export type AtRest = Reading & {
  /** What its heap holds after a collection. */
  liveHeapMiB: number;
  /** Tasks that it was sent so far. */
  tasks: number;
};

export type Stint = { goesOn: () => boolean; sends: () => boolean };

/** Tasks that are sent and have not ended, for each slot: some run, some wait in the queue, some were released. */
const openForEachSlot = 3;
const feedEveryMs = 100;
const watchEveryMs = 400;
const readEveryMs = 5_000;
/** A task is given up after a quarter of an hour; what else lies in the queue is done in less. */
const drainMaxMs = 20 * 60_000;

export class SiteRun {
  readonly site: Site;
  readonly facts: RunFacts;
  readonly tasks: SoakTasks;
  readonly watch: Watch;
  /** Taken every five seconds while it works. */
  readonly readings: Reading[] = [];
  /** Whether it is sent tasks now. */
  isFed = false;
  readonly #stories: Random;
  /** Ends what goes on beside. */
  readonly #over = new AbortController();
  #beside: Promise<unknown> = Promise.resolve();

  private constructor(site: Site, facts: RunFacts) {
    this.site = site;
    this.facts = facts;
    this.tasks = new SoakTasks(site, facts.world.github);
    this.watch = new Watch(site, this.tasks, facts.world.github, facts.tally);
    this.#stories = new Random(facts.random.whole(0, 2 ** 31));
  }

  /** With its worker started. */
  static async open(facts: RunFacts): Promise<SiteRun> {
    const onDeath = (said: string): void => {
      run.breach(`the worker ended by itself: ${said.slice(-2_000)}`);
      void site.start();
    };
    const site = await openSite({ name: facts.name, slots: facts.slots, onDeath }, facts.world);
    const run = new SiteRun(site, facts);
    await site.start();
    run.#beside = run.#goOn(run.#over.signal);
    return run;
  }

  /** Strikes while the stint `goesOn`, and sends tasks while it `sends`; then no more faults come of this run's own. */
  async feed({ goesOn, sends }: Stint, signal: AbortSignal): Promise<void> {
    const { slots, random, note, mortal, calmMs } = this.facts;
    const calm = new AbortController();
    const struck = {
      site: this.site,
      tasks: this.tasks,
      random,
      note,
      breach: (problem: string) => this.breach(problem),
    };
    const troubled = makeTrouble(struck, { mortal, calmMs }, AbortSignal.any([signal, calm.signal]));
    this.isFed = true;
    try {
      while (goesOn()) {
        signal.throwIfAborted();
        if (sends() && this.tasks.open.size < slots * openForEachSlot) await this.tasks.send(this.#stories, signal);
        else await pause(feedEveryMs, signal);
      }
    } finally {
      this.isFed = false;
      calm.abort();
      await troubled;
    }
  }

  /** Waits until every task has ended, the queue is empty and nothing runs, then reads the worker. */
  async rest(signal: AbortSignal): Promise<AtRest> {
    const { sqs } = this.site;
    const isIdle = async (): Promise<boolean> =>
      this.tasks.open.size === 0 &&
      (await sqs.messages()).length === 0 &&
      sqs.waitingPolls() === this.facts.slots &&
      (await readWorker(this.site))?.processes === 0;
    const end = performance.now() + drainMaxMs;
    while (!(await isIdle())) {
      signal.throwIfAborted();
      await pause(watchEveryMs, signal);
      if (performance.now() < end) continue;
      this.breach('the worker does not come to rest: messages, processes or tasks are left');
      break;
    }
    await pause(this.facts.restMs, signal);
    const reading = await readWorker(this.site);
    if (reading === undefined) throw new Error(`The worker ${this.site.name} could not be read.`);
    // After the reading, which shall see the memory as it is without the collection.
    return { ...reading, liveHeapMiB: await liveHeapMiB(this.site.life()), tasks: this.tasks.sent };
  }

  /** Stops what goes on beside the worker. */
  async leave(): Promise<void> {
    this.#over.abort();
    await this.#beside;
  }

  async close(): Promise<void> {
    await this.leave();
    await this.site.close();
  }

  breach(problem: string): void {
    this.facts.tally.broken.push(`${this.site.name}: ${problem}`);
  }

  async #goOn(signal: AbortSignal): Promise<void> {
    const { world, passed } = this.facts;
    const every = async (ms: number, act: () => Promise<void>): Promise<void> => {
      for (; !signal.aborted; await pause(ms, signal)) await act();
    };
    await Promise.all([
      every(watchEveryMs, () => this.watch.look()),
      every(readEveryMs, async () => {
        const reading = this.tasks.open.size === 0 ? undefined : await readWorker(this.site);
        if (reading) this.readings.push(reading);
        this.site.proxy.forget();
        world.ollama.requests.length = 0;
      }),
      letTimePass(this.site, this.tasks, (task) => this.watch.recordsOf(task), passed, signal),
    ]);
  }
}
