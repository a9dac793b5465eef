// Failures on purpose: what a test wants the stand-in to answer instead, or to lose.

/** Which requests. `path` has no `/api/v3` and no query; a string must be equal to it. */
export type FaultMatch = { method?: string; path: string | RegExp };

export type Fault = {
  /** How many requests it hits; 1 if not said. */
  times?: number;
  /** True: the request takes effect first, then its answer is replaced or lost. */
  afterSuccess?: boolean;
  status?: number;
  headers?: Record<string, string>;
  /** An object is sent as JSON, a string as it is. */
  body?: object | string;
  /** Ends the connection without an answer. */
  dropConnection?: boolean;
  /** Never answers; the connection ends when the client gives up or the stand-in closes. */
  hang?: boolean;
};

type Armed = { match: FaultMatch; fault: Fault; left: number };

export class Faults {
  readonly #armed: Armed[] = [];

  add(match: FaultMatch, fault: Fault): void {
    this.#armed.push({ match, fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.#armed.length = 0;
  }

  /** The oldest fault that fits the request and is not used up. */
  take(method: string, path: string): Fault | undefined {
    const found = this.#armed.find(({ match, left }) => left > 0 && fits(match, method, path));
    if (found === undefined) return undefined;
    found.left -= 1;
    return found.fault;
  }
}

function fits(match: FaultMatch, method: string, path: string): boolean {
  if (match.method !== undefined && match.method !== method) return false;
  return typeof match.path === 'string' ? match.path === path : match.path.test(path);
}
