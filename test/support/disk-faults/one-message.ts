// A queue with one message: delivered when a worker's life begins, for its lease has ended by then, and again when nobody works on it.
import type { Delivery, Queue } from '../../../src/services/queue/queue.ts';

/** More deliveries in one worker's life are a loop. */
const deliveriesMax = 5;

export class OneMessage {
  isDeleted = false;
  parkedFor: string | undefined;
  readonly #body: string;
  /** Called at the instant of the deletion. */
  readonly #onDelete: () => void;
  #deliveries = 0;

  constructor(body: string, onDelete: () => void) {
    this.#body = body;
    this.#onDelete = onDelete;
  }

  /** The queue as one worker with `slots` sees it. A dead one's calls have no effect and no end. `onIdle`: nothing more is to be done. */
  queue(slots: number, isAlive: () => boolean, onIdle: () => void): Queue {
    const waiting: ((delivery: Delivery) => void)[] = [];
    let delivered = 0;
    const alive = <T>(effect: () => T): Promise<T> =>
      isAlive() ? Promise.resolve(effect()) : new Promise<T>(() => {});
    return {
      receive: (_seconds, signal) =>
        new Promise((resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }); // whatever it is
          waiting.push(resolve);
          if (!isAlive() || (delivered > 0 && waiting.length < slots)) return;
          if (this.isDeleted || delivered === deliveriesMax) {
            if (waiting.length === slots) onIdle();
            return;
          }
          delivered += 1;
          waiting.shift()?.(this.#deliver());
        }),
      extend: (receipt) => alive(() => !this.isDeleted && receipt === this.#receipt),
      delete: (receipt) =>
        alive(() => {
          if (this.isDeleted || receipt !== this.#receipt) return;
          this.#onDelete();
          this.isDeleted = true;
        }),
      park: (_delivery, { code }) =>
        alive(() => {
          this.isDeleted = true;
          this.parkedFor = code;
        }),
      send: () => Promise.reject(new Error('Nothing is sent here.')),
    };
  }

  get #receipt(): string {
    return `r-${this.#deliveries}`;
  }

  #deliver(): Delivery {
    this.#deliveries += 1;
    return { messageId: 'm', receiptHandle: this.#receipt, body: this.#body, receiveCount: this.#deliveries };
  }
}
