// SQS in memory: visibility, receipts, receive counts, a dead-letter queue, and what it may do by its own rules: deliver twice, deliver after a delete.
import type { Delivery } from '../../../src/services/queue/queue.ts';
import type { Random } from './random.ts';

export type QueueFaults = {
  /** Probabilities: a message in flight is delivered once more; a deleted one comes back. */
  duplicate: number;
  resurrect: number;
};

type Message = {
  id: string;
  body: string;
  receives: number;
  visibleAt: number;
  receipt: string;
  /** Receipts that a delivery of a message in flight left valid. */
  olderReceipts: string[];
};

/** Receives after which SQS moves a message to the dead-letter queue, as the documents advise. */
const receivesMax = 3;

export class SimulatedQueue {
  readonly messages: Message[] = [];
  readonly deadLetters: { id: string; body: string; code?: string }[] = [];
  readonly faults: QueueFaults;
  readonly #random: Random;
  readonly #now: () => number;
  /** For each message and machine, until when the queue promised it to that machine. */
  readonly #promises = new Map<string, Map<string, number>>();
  readonly #messageOf = new Map<string, string>();
  #count = 0;

  constructor(random: Random, faults: QueueFaults, now: () => number) {
    this.#random = random;
    this.faults = faults;
    this.#now = now;
  }

  send(body: string): string {
    this.#count += 1;
    const id = `message-${this.#count}`;
    this.messages.push({ id, body, receives: 0, visibleAt: this.#now(), receipt: '', olderReceipts: [] });
    return id;
  }

  receive(machine: string, leaseSeconds: number): Delivery | undefined {
    const now = this.#now();
    for (const message of this.messages.filter(
      ({ visibleAt, receives }) => visibleAt <= now && receives >= receivesMax,
    )) {
      this.#remove(message);
      this.deadLetters.push({ id: message.id, body: message.body });
    }
    const inFlight = this.messages.filter(({ visibleAt }) => visibleAt > now);
    const again = inFlight.length > 0 && this.#random.chance(this.faults.duplicate);
    const visible = again ? inFlight : this.messages.filter(({ visibleAt }) => visibleAt <= now);
    if (visible.length === 0) return undefined;
    const message = this.#random.pick(visible);
    this.#count += 1;
    message.olderReceipts = again && this.#random.chance(0.5) ? [...message.olderReceipts, message.receipt] : [];
    message.receipt = `receipt-${this.#count}`;
    message.receives += 1;
    message.visibleAt = now + leaseSeconds * 1000;
    this.#promise(message.id, machine, message.visibleAt);
    return {
      messageId: message.id,
      receiptHandle: message.receipt,
      body: message.body,
      receiveCount: message.receives,
    };
  }

  extend(machine: string, receipt: string, seconds: number): boolean {
    const now = this.#now();
    const message = this.byReceipt(receipt);
    if (message === undefined || message.visibleAt <= now) return false;
    message.visibleAt = now + seconds * 1000;
    this.#promise(message.id, machine, message.visibleAt);
    return true;
  }

  /** An older receipt succeeds and deletes nothing. */
  delete(receipt: string): void {
    const message = this.byReceipt(receipt);
    if (message === undefined) return;
    this.#remove(message);
    if (this.#random.chance(this.faults.resurrect)) this.messages.push({ ...message, visibleAt: this.#now() + 1_000 });
  }

  park(delivery: Delivery, code: string): void {
    this.deadLetters.push({ id: delivery.messageId, body: delivery.body, code });
    this.delete(delivery.receiptHandle);
  }

  byReceipt(receipt: string): Message | undefined {
    return this.messages.find((message) => message.receipt === receipt || message.olderReceipts.includes(receipt));
  }

  /** When the next message becomes visible, in simulated time. */
  nextVisible(): number {
    return Math.min(...this.messages.map(({ visibleAt }) => visibleAt));
  }

  /** Machines that the queue promised one of these messages, for longer than now. */
  holders(ids: readonly string[]): string[] {
    const now = this.#now();
    return ids.flatMap((id) =>
      [...(this.#promises.get(id) ?? [])].filter(([, until]) => until > now).map(([name]) => name),
    );
  }

  #promise(id: string, machine: string, until: number): void {
    const promises = this.#promises.get(id) ?? new Map<string, number>();
    this.#promises.set(id, promises.set(machine, until));
    const receipt = this.messages.find((message) => message.id === id)?.receipt ?? '';
    this.#messageOf.set(receipt, id);
  }

  /** The machine has heard that it no longer holds the message. */
  refused(machine: string, receipt: string): void {
    const id = this.#messageOf.get(receipt);
    if (id !== undefined) this.#promises.get(id)?.delete(machine);
  }

  #remove(message: Message): void {
    this.messages.splice(this.messages.indexOf(message), 1);
  }
}
