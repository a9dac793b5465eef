// Long polls that end with their connection. fauxqs goes on waiting for a poller that has gone, and hands it the next message, which is then lost for a whole lease.
import { setTimeout as sleep } from 'node:timers/promises';
import type { buildApp } from 'fauxqs';
import { z } from 'zod';

type App = ReturnType<typeof buildApp>;
/** Whether the queue of this URL holds a message that may be received now. */
type HasMessage = (queueUrl: string) => Promise<boolean>;

export type LongPolls = {
  /** How many of this queue are held back now. */
  waiting(queueUrl: string): number;
  /** Answers them all. */
  stop(): void;
};

const pollRequest = z.looseObject({ QueueUrl: z.string(), WaitTimeSeconds: z.number() });
/** How soon a waiting poll sees a new message. */
const lookEveryMs = 15;
/** A connection that was closed before the message was sent is known to be closed after one more turn of the event loop. */
const settleMs = 1;

/** Holds a ReceiveMessage back until there is a message, its wait is over or its connection is closed. */
export function pollLikeSqs(app: App, hasMessage: HasMessage): LongPolls {
  const waiting: string[] = [];
  const stopped = new AbortController();
  app.addHook('preHandler', async (request, reply) => {
    if (reply.sent || request.headers['x-amz-target'] !== 'AmazonSQS.ReceiveMessage') return;
    const poll = pollRequest.safeParse(request.body);
    if (!poll.success) return;
    const { QueueUrl, WaitTimeSeconds } = poll.data;
    request.body = { ...poll.data, WaitTimeSeconds: 0 };
    waiting.push(QueueUrl);
    const isGone = (): boolean => request.raw.socket.destroyed || reply.raw.destroyed;
    const until = Date.now() + WaitTimeSeconds * 1000;
    try {
      while (!stopped.signal.aborted && Date.now() < until) {
        const found = await hasMessage(QueueUrl);
        await sleep(found ? settleMs : lookEveryMs);
        if (isGone()) return reply.hijack();
        if (found) return;
      }
    } finally {
      waiting.splice(waiting.indexOf(QueueUrl), 1);
    }
  });
  return { waiting: (url) => waiting.filter((each) => each === url).length, stop: () => stopped.abort() };
}
