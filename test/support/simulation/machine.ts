// A machine with its disk, clocks and working copies, on which worker processes live and die one after the other.
import { SimulatedDisk } from './disk.ts';
import type { MachineTime } from './clock-port.ts';
import { SimulatedProcess, type Host } from './process.ts';
import type { WorkingCopies } from './workspace.ts';
import { wayMaxMs, type Service } from './network.ts';

/** Runs a worker in `process` until `stop` is aborted; resolves when it has ended by itself. */
export type Serve = (machine: Machine, process: SimulatedProcess, stop: AbortSignal) => Promise<void>;

export class Machine {
  readonly name: string;
  readonly host: Host;
  readonly disk = new SimulatedDisk();
  readonly copies: WorkingCopies = new Map();
  readonly time: MachineTime = { wallOffset: 0, slept: 0 };
  /** Simulated times until which a service cannot be reached, and until which the disk is full. */
  readonly cutUntil = new Map<Service, number>();
  fullUntil = 0;
  process: SimulatedProcess | undefined;
  #stop = new AbortController();
  readonly #serve: Serve;

  constructor(name: string, host: Host, serve: Serve) {
    this.name = name;
    this.host = host;
    this.#serve = serve;
    this.disk.addFolder('/disk');
    this.disk.syncFolder('/');
  }

  isCut(service: Service): boolean {
    return (this.cutUntil.get(service) ?? 0) > this.host.scheduler.now;
  }

  start(): void {
    if (this.process?.isAlive === true) return;
    const process = new SimulatedProcess(this.host);
    this.process = process;
    this.#stop = new AbortController();
    process.later(0, () => void this.#live(process, this.#stop.signal));
  }

  /** The process is gone at once; what it had written stays in the page cache. */
  kill(downMs: number): void {
    this.process?.kill();
    this.#startIn(downMs);
  }

  losePower(downMs: number): void {
    this.process?.kill();
    this.disk.losePower(this.host.random);
    // Git syncs its objects lazily: the latest commits may be gone.
    for (const copy of this.copies.values()) {
      for (const commit of [...copy.commits].slice(1)) if (this.host.random.chance(0.1)) copy.commits.delete(commit);
    }
    this.host.frozenUntil = 0;
    this.#startIn(downMs);
  }

  /** SIGTERM, and SIGKILL when it is not heeded within ten minutes. */
  terminate(downMs: number): void {
    const { process } = this;
    this.#stop.abort(new Error('asked to stop'));
    this.host.scheduler.after(600_000, () => {
      if (process?.isAlive === true && process === this.process) this.kill(downMs);
    });
  }

  async #live(process: SimulatedProcess, stop: AbortSignal): Promise<void> {
    await this.#serve(this, process, stop);
    process.kill();
    this.#startIn(this.host.random.between(1_000, 120_000));
  }

  /** A supervisor starts the worker anew, not before what the last one sent has landed. */
  #startIn(downMs: number): void {
    this.host.scheduler.after(Math.max(downMs, 2 * wayMaxMs), () => this.start());
  }
}
