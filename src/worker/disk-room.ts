// Room on the disk. A worker that could not write takes no work: it says so once, with the path and what it needs, and goes on by itself.
import { roomPollMs } from '../events/bounds.ts';
import { coded, failureOf, type Failure } from '../events/failure.ts';
import type { Runtime } from './runtime.ts';

type Facts = Pick<Runtime, 'state' | 'settings' | 'clock' | 'log'>;

/** The failure that tells of the first disk with less than `minBytes` free; undefined when state and working copies have room. */
export async function shortage(
  { state, settings }: Pick<Runtime, 'state' | 'settings'>,
  minBytes: number,
): Promise<Failure | undefined> {
  for (const folder of new Set([state.root, settings.workspaceFolder])) {
    // Who cannot be asked how full it is (a file system without the answer) is not held to it.
    const freeBytes = await state.disk.freeBytes(folder).catch(() => Number.POSITIVE_INFINITY);
    if (freeBytes >= minBytes) continue;
    const says = `The disk of ${folder} has ${megabytes(freeBytes)} MB free, and ${megabytes(minBytes)} MB are needed.`;
    return coded('CW-WORKSPACE-DISK', says).failure;
  }
  return undefined;
}

/** One for all slots of a worker. */
export class DiskRoom {
  readonly #facts: Facts;
  readonly #onRoom: () => Promise<void>;
  /** What was said last, until there is room again. */
  #said: string | undefined;

  /** `onRoom` is called each time that there is room again. */
  constructor(facts: Facts, onRoom: () => Promise<void>) {
    this.#facts = facts;
    this.#onRoom = onRoom;
  }

  /** Resolves when there is room for work, or `signal` is aborted. */
  async wait(signal: AbortSignal): Promise<void> {
    const { settings, clock, log } = this.#facts;
    while (!signal.aborted) {
      const failure = await shortage(this.#facts, settings.freeDiskMinBytes);
      if (failure === undefined) break;
      // The bytes that are free change; that there are too few in this place is said once.
      const place = failure.message.replaceAll(/ [\d.]+ MB free/g, '');
      if (this.#said !== place) log.error({ failure }, 'no work is taken until there is room on the disk');
      this.#said = place;
      await clock.sleep(roomPollMs, signal).catch(() => {});
    }
    if (this.#said === undefined || signal.aborted) return;
    this.#said = undefined;
    log.info('there is room on the disk again');
    await this.#onRoom().catch((error: unknown) =>
      log.error({ failure: failureOf(error) }, 'stopped tasks were not found'),
    );
  }
}

const megabytes = (bytes: number): string => String(Math.round((bytes / 1024 / 1024) * 10) / 10);
