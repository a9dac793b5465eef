// What a page that is opened late is shown first: the latest frames, and how each running task's machine looks.
import type { StatelyInspectionEvent } from '@statelyai/inspect';
import { inspectedFramesMax } from '../../events/bounds.ts';

export class History {
  readonly #recent: { frame: string; root?: string }[] = [];
  /** Registrations of running tasks that have left `#recent`: without them the page could draw nothing of what follows. */
  readonly #kept = new Map<string, string>();
  readonly #running = new Set<string>();

  add(event: StatelyInspectionEvent, frame: string): void {
    const registers = event.type === '@xstate.actor' && event.parentId === undefined;
    if (registers) this.#running.add(event.sessionId);
    if (event.type === '@xstate.snapshot' && event.snapshot?.status !== 'active') this.#forget(event.sessionId);
    this.#recent.push({ frame, ...(registers && { root: event.sessionId }) });
    while (this.#recent.length > inspectedFramesMax) this.#dropOldest();
  }

  /** Oldest first. */
  frames(): string[] {
    return [...this.#kept.values(), ...this.#recent.map(({ frame }) => frame)];
  }

  #dropOldest(): void {
    const { frame = '', root } = this.#recent.shift() ?? {};
    if (root !== undefined && this.#running.has(root)) this.#kept.set(root, frame);
  }

  #forget(root: string): void {
    this.#running.delete(root);
    this.#kept.delete(root);
  }
}
