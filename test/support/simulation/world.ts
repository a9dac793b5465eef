// Everything outside of the worker in one simulated run: machines, queue, git server, GitHub, and what is known to have gone wrong.
import { SimulatedGit } from './git.ts';
import { SimulatedGitHub } from './github.ts';
import { Machine, type Serve } from './machine.ts';
import { noStrikes, planOf, type Plan } from './plan.ts';
import type { SimulatedProcess } from './process.ts';
import { SimulatedQueue } from './queue.ts';
import { Random } from './random.ts';
import { Scheduler } from './scheduler.ts';
import { strikeAt } from './strike.ts';
import { askFor, type Asked } from './tasks.ts';

/** Strikes in one run, so that it comes to an end. */
const strikesMax = 15;

export class World {
  readonly random: Random;
  readonly plan: Plan;
  readonly scheduler = new Scheduler();
  readonly git = new SimulatedGit();
  readonly github = new SimulatedGitHub(this.git);
  readonly queue: SimulatedQueue;
  readonly machines: Machine[];
  readonly asked: Asked[];
  /** The ids of the messages that carry a task, by its issue. */
  readonly messageIds = new Map<number, string[]>();
  /** Rules that were broken, each with what broke it. */
  readonly violations: string[] = [];
  /** What happened, when somebody wants to know. */
  readonly notes: string[] | undefined;
  readonly strikes = noStrikes();
  #planned = 0;

  constructor(seed: number, serve: Serve, isTraced: boolean) {
    this.random = new Random(seed);
    this.plan = planOf(this.random);
    this.notes = isTraced ? [] : undefined;
    const { random, scheduler } = this;
    this.queue = new SimulatedQueue(random, this.plan.queue, () => scheduler.now);
    this.asked = askFor(random, this.plan.tasks, this.plan.machines);
    this.machines = Array.from({ length: this.plan.machines }, (_, index) => {
      const onCall = (process: SimulatedProcess): void => this.#perhapsStrike(machine, process);
      const machine: Machine = new Machine(
        `machine-${index + 1}`,
        { scheduler, random, frozenUntil: 0, onCall },
        serve,
      );
      return machine;
    });
  }

  /** Starts the machines and lets the messages come. */
  begin(): void {
    for (const machine of this.machines) this.scheduler.after(this.random.between(0, 5_000), () => machine.start());
    for (const { body, task } of this.asked) {
      this.scheduler.after(this.random.between(0, 600_000), () => {
        const id = this.queue.send(body);
        if (task) this.messageIds.set(task.issueNumber, [...(this.messageIds.get(task.issueNumber) ?? []), id]);
        this.isAllSent = [...this.messageIds.values()].flat().length === this.asked.filter((one) => one.task).length;
      });
    }
  }

  isAllSent = false;

  note(text: string): void {
    this.notes?.push(`${(this.scheduler.now / 1000).toFixed(3).padStart(10)} s  ${text}`);
  }

  /** Notes a broken rule. */
  broke(rule: string): void {
    this.note(`BROKEN: ${rule}`);
    this.violations.push(rule);
  }

  #perhapsStrike(machine: Machine, process: SimulatedProcess): void {
    const { plan, random } = this;
    if (plan.strikes.length === 0 || this.#planned >= strikesMax || !random.chance(plan.strike)) return;
    this.#planned += 1;
    const strike = random.pick(plan.strikes);
    // At once, among calls to the disk, among those to the network, or in the midst of long work.
    const delayMs = random.pick([0, random.between(0, 3), random.between(0, 200), random.between(0, 300_000)]);
    if (delayMs === 0) strikeAt(this, machine, strike);
    else {
      this.scheduler.after(delayMs, () => {
        if (process.isAlive && plan.strike > 0) strikeAt(this, machine, strike);
      });
    }
  }
}
