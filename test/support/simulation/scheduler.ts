// Simulated time: events in the order of their instants, each with all that follows from it before the next.

/** No run needs nearly as many: more is a loop that time does not end. */
const eventsMax = 200_000;

type Event = { at: number; order: number; run: () => void };

export class Scheduler {
  /** Milliseconds since the simulation began, with fractions. */
  now = 0;
  /** Events so far. */
  events = 0;
  readonly #heap: Event[] = [];
  #order = 0;

  /** Runs `run` in `delayMs` milliseconds. */
  after(delayMs: number, run: () => void): void {
    this.#order += 1;
    this.#push({ at: this.now + Math.max(0, delayMs), order: this.#order, run });
  }

  /** Runs events until `isOver`, or until none is left or `until` is reached. Returns whether it was over. */
  async run(isOver: () => boolean, until: number): Promise<boolean> {
    while (!isOver()) {
      const event = this.#pop(until);
      if (event === undefined) return false;
      this.now = event.at;
      this.events += 1;
      if (this.events > eventsMax) throw new Error('The simulated run does not come to an end.');
      event.run();
      await turn();
    }
    return true;
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let place = heap.push(event) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!isBefore(event, heap[parent])) break;
      heap[place] = heap[parent] ?? event;
      place = parent;
    }
    heap[place] = event;
  }

  #pop(until: number): Event | undefined {
    const heap = this.#heap;
    const [first] = heap;
    if (first === undefined || first.at > until) return undefined;
    const last = heap.pop();
    if (last === undefined || last === first) return first;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      const right = heap[child + 1];
      if (right !== undefined && isBefore(right, heap[child])) child += 1;
      const smaller = heap[child];
      if (smaller === undefined || !isBefore(smaller, last)) break;
      heap[place] = smaller;
      place = child;
    }
    heap[place] = last;
    return first;
  }
}

const isBefore = (one: Event, other: Event | undefined): boolean =>
  other === undefined || one.at < other.at || (one.at === other.at && one.order < other.order);

/** Everything that follows without a wait of its own has happened afterwards: promises run before the event loop turns. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
