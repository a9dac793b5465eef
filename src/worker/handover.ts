// Hands a task over to a message of its own making, long before SQS takes the present one back: no heartbeat keeps it beyond 12 h.
import { handoverAfterMs, handoverLatestMs } from '../events/bounds.ts';
import { failureOf } from '../events/failure.ts';
import type { JournalRecord } from '../events/journal-record.ts';
import { parseTaskMessage } from '../events/task-message.ts';
import { messageOf, taskOf } from '../events/task.ts';
import { fold } from '../machines/fold.ts';
import type { Journal } from '../services/journal/journal.ts';
import type { Observer, Runtime } from './runtime.ts';

/** How long a task's message has been in flight, and when the task has to stop because of it. */
export class MessageAge {
  readonly #clock: Runtime['clock'];
  readonly #receivedAt: () => number;
  readonly #over = new AbortController();

  /** `receivedAt` tells in epoch milliseconds when the present message was received; a newer delivery makes it young again. */
  constructor(clock: Runtime['clock'], receivedAt: () => number) {
    this.#clock = clock;
    this.#receivedAt = receivedAt;
  }

  /** Aborted between two steps when the message is old, and in the midst of one when it is very old. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** The same observer; it also stops the task where a step has ended and the next has not begun, since that loses no work. */
  watchedBy(observer: Observer): Observer {
    return {
      ...observer,
      onTransition: (taskId, snapshot) => {
        observer.onTransition?.(taskId, snapshot);
        if (snapshot.status === 'active' && this.#leftMs(handoverAfterMs) <= 0) this.#stop();
      },
    };
  }

  /** Waits for the instant at which even an open step has to stop; ends with `signal`. */
  async watch(signal: AbortSignal): Promise<void> {
    for (let leftMs = this.#leftMs(handoverLatestMs); !signal.aborted; leftMs = this.#leftMs(handoverLatestMs)) {
      if (leftMs <= 0) return this.#stop();
      await this.#clock.sleep(leftMs, signal).catch(() => {});
    }
  }

  #leftMs(limitMs: number): number {
    return limitMs - (this.#clock.now() - this.#receivedAt());
  }

  #stop(): void {
    this.#over.abort(new Error('its message has been in flight for long and is sent anew'));
  }
}

/**
 * Sends the task's message anew if it is still ours, notes it, and only then deletes the old one. What is killed in between leaves two
 * messages of one task id. When the queue does not take it, the old message comes back by itself once its lease has ended.
 */
export async function handOver(
  { queue, clock, log, settings }: Pick<Runtime, 'queue' | 'clock' | 'log' | 'settings'>,
  journal: Journal,
  receiptHandle: string,
): Promise<void> {
  const { task } = fold(journal.records).snapshot.context;
  const text = messageOf(task);
  // A journal of before the trigger was kept: its message sent anew would be another task.
  if (taskOf(parseTaskMessage(text)).id !== task.id) return;
  const limit = clock.timeout(settings.leaseSeconds * 1000);
  try {
    if (!(await queue.extend(receiptHandle, settings.leaseSeconds, limit))) return;
    const messageId = await queue.send(text, limit);
    journal.append({ type: 'message.renewed', data: { messageId } });
    await journal.flushed();
    await queue.delete(receiptHandle, limit);
    log.info({ messageId }, 'the task’s message was sent anew; the task goes on with it');
  } catch (error) {
    log.warn(
      { failure: failureOf(error) },
      'the task’s message could not be sent anew; the old one comes back by itself',
    );
  }
}

/** Whether nobody has taken up the task since its message was sent anew: it goes on when that one is received, not before. */
export const isHandedOver = (records: readonly JournalRecord[]): boolean =>
  records.findLastIndex(({ type }) => type === 'message.renewed') >
  records.findLastIndex(({ type }) => type === 'lease.adopted' || type === 'task.claimed');
