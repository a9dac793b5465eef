// Keeps a task's message invisible while the task runs, and stops the work before the message could become another worker's.
import { coded, failureOf } from '../events/failure.ts';
import type { Origin } from './own-task.ts';
import type { Runtime, WorkerSettings } from './runtime.ts';

/** The lease's parts, in milliseconds. */
const partsOf = (leaseMs: number) => ({
  leaseMs,
  beatMs: leaseMs / 3,
  /** After a heartbeat that failed the next one comes sooner: what is left of the lease is all the time there is. */
  failedBeatMs: leaseMs / 15,
  /** Work stops this long before the lease ends, so that it has ended by then. */
  stopMarginMs: leaseMs / 10,
});

type LeaseRuntime = Pick<Runtime, 'queue' | 'clock' | 'log'> & { settings: Pick<WorkerSettings, 'leaseSeconds'> };

/** The time of day is slewed by less than this in one lease; more means that somebody set it. */
const clockToleranceMs = 2_000;

export class Lease {
  readonly #runtime: LeaseRuntime;
  readonly #parts: ReturnType<typeof partsOf>;
  readonly #lost = new AbortController();
  readonly #ended = new AbortController();
  #receiptHandle: string;
  /** When the lease began, by both clocks. */
  #began: { now: number; elapsed: number };
  #isHeld = false;
  /** Ends the wait for the next heartbeat. */
  #wake = new AbortController();
  #heard = Promise.withResolvers<void>();
  /** The queue's last word was that the receipt is worth nothing any more. */
  #isStale = false;
  /** The receipt is an earlier worker's, and the queue has not confirmed it since. */
  #isInherited: boolean;
  readonly #asked = Promise.withResolvers<void>();

  /** `receiptHandle` was received just now, or, `inherited`, is taken up again by a restarted worker. */
  constructor(runtime: LeaseRuntime, receiptHandle: string, origin?: Origin) {
    this.#runtime = runtime;
    this.#parts = partsOf(runtime.settings.leaseSeconds * 1000);
    this.#receiptHandle = receiptHandle;
    this.#isInherited = origin === 'inherited';
    this.#began = this.#instant();
  }

  /** Aborted when ownership is about to end although the work has not; for an inherited receipt as soon as the queue says that it is stale. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** True once nobody keeps the message any more: it is about to be settled, or is. */
  get stopped(): boolean {
    return this.#ended.signal.aborted;
  }

  /** Whether the queue has said that the message is not ours any more, and no newer receipt has come. */
  get isStale(): boolean {
    return this.#isStale;
  }

  /** Resolves when the first heartbeat has come to anything: an answer or a failure. */
  get asked(): Promise<void> {
    return this.#asked.promise;
  }

  get receiptHandle(): string {
    return this.#receiptHandle;
  }

  /**
   * Whether the queue confirmed the receipt when it was last heard of, and that confirmation has not lapsed by either clock. Until the first
   * heartbeat nothing is known, which is not held.
   */
  get isHeld(): boolean {
    return this.#isHeld && this.#leftMs() > 0 && !this.#wasSetBack();
  }

  /** A redelivery brought a newer receipt; the older one settles nothing any more. */
  adopt(receiptHandle: string): void {
    this.#receiptHandle = receiptHandle;
    this.#began = this.#instant();
    // The delivery may have waited for a machine that slept: a heartbeat, at once, tells what it is worth.
    this.#isHeld = false;
    this.#isStale = false;
    this.#isInherited = false;
    this.#wake.abort();
  }

  /**
   * Resolves at once while the message is ours for certain. Otherwise it waits for a heartbeat or a redelivery that says so. Throws
   * once the lease has ended, also when the machine slept or the process was stopped past that, and when `signal` is aborted.
   */
  async held(signal: AbortSignal): Promise<void> {
    const aborted = Promise.withResolvers<never>();
    const stop = (): void => aborted.reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    try {
      for (;;) {
        signal.throwIfAborted();
        if (this.#leftMs() <= 0) this.#lose();
        this.#lost.signal.throwIfAborted();
        if (this.isHeld) return;
        await Promise.race([this.#heard.promise, aborted.promise]);
      }
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** Beats until `stop()` or until ownership is lost. */
  async keep(): Promise<void> {
    const { clock } = this.#runtime;
    const { beatMs, failedBeatMs } = this.#parts;
    while (!this.#ended.signal.aborted) {
      // Before the beat: a receipt that is adopted during it is confirmed by one of its own, at once.
      this.#wake = new AbortController();
      const answered = await this.#beat();
      this.#asked.resolve();
      const leftMs = this.#leftMs();
      if (this.#ended.signal.aborted) return;
      // Nobody knows how long it has been another's: there is no time in which to wait for its redelivery.
      if (leftMs <= 0 || (this.#isStale && this.#isInherited)) {
        this.#lose();
        return;
      }
      // Not beyond the instant at which the work must stop, so that it is not found out after the lease has ended.
      const woken = AbortSignal.any([this.#ended.signal, this.#wake.signal]);
      await clock.sleep(Math.min(answered ? beatMs : failedBeatMs, leftMs), woken).catch(() => {});
    }
  }

  stop(): void {
    this.#ended.abort();
  }

  /** Whether the queue answered, whatever it said. */
  async #beat(): Promise<boolean> {
    const { queue, log, settings } = this.#runtime;
    const receiptHandle = this.#receiptHandle;
    const asked = this.#instant();
    try {
      const kept = await queue.extend(receiptHandle, settings.leaseSeconds, this.#ended.signal);
      // Another receipt was adopted meanwhile: this answer tells nothing of it.
      if (receiptHandle !== this.#receiptHandle) return true;
      if (kept) {
        this.#began = asked;
        this.#isInherited = false;
      }
      this.#isStale = !kept;
      this.#hear(kept);
      // The message will be delivered again, and its new receipt adopted.
      if (!kept) log.warn('the message’s receipt is stale; waiting for its redelivery');
      return true;
    } catch (error) {
      if (!this.#ended.signal.aborted) log.warn({ failure: failureOf(error) }, 'heartbeat failed');
      return false;
    }
  }

  #hear(kept: boolean): void {
    this.#isHeld = kept;
    this.#heard.resolve();
    this.#heard = Promise.withResolvers();
  }

  #lose(): void {
    const why = this.#isStale
      ? 'The task’s message is no longer this worker’s.'
      : 'The lease on the task’s message could not be kept.';
    this.#lost.abort(coded('CW-QUEUE-UNAVAILABLE', why));
  }

  /** Milliseconds until the work must stop, by whichever clock says less: one stands still in the machine's sleep, the other may be set back. */
  #leftMs(): number {
    const { now, elapsed } = this.#instant();
    const passedMs = Math.max(now - this.#began.now, elapsed - this.#began.elapsed);
    return this.#parts.leaseMs - this.#parts.stopMarginMs - passedMs;
  }

  /** Behind a clock that was set back a sleep of the machine does not show: only the queue can tell how much of the lease is left. */
  #wasSetBack(): boolean {
    const { now, elapsed } = this.#instant();
    return now - this.#began.now < elapsed - this.#began.elapsed - clockToleranceMs;
  }

  #instant(): { now: number; elapsed: number } {
    const { clock } = this.#runtime;
    return { now: clock.now(), elapsed: clock.elapsed() };
  }
}
