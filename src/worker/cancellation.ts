// Somebody's wish that a task ends: it may come before the task runs or while it does, and the first one counts.

export type CancelRequest = {
  /** Who asked. */
  by: string;
  reason: string;
  /** Address of the pull request or comment in which another worker has ended the task already. */
  found?: string;
};

export class Cancellation {
  #request: CancelRequest | undefined;
  #listener: ((request: CancelRequest) => void) | undefined;

  ask(request: CancelRequest): void {
    if (this.#request) return;
    this.#request = request;
    this.#listener?.(request);
  }

  /** Calls `listener` once: now, if it was asked for already. */
  onAsked(listener: (request: CancelRequest) => void): void {
    this.#listener = listener;
    if (this.#request) listener(this.#request);
  }
}
