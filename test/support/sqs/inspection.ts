// What lies in a queue of the stand-in, read from fauxqs's own inspection answer.
import { z } from 'zod';

export type QueuedMessage = {
  messageId: string;
  body: string;
  /** Message attributes by name. */
  attributes: Record<string, string>;
  /** How often it was received. */
  receiveCount: number;
  /** `ready` also covers a lease that has run out but was not asked for since. */
  state: 'ready' | 'delayed' | 'leased';
};

const message = z.object({
  messageId: z.string(),
  body: z.string(),
  messageAttributes: z.record(z.string(), z.object({ StringValue: z.string() })),
  approximateReceiveCount: z.number(),
  /** Epoch milliseconds. */
  delayUntil: z.number().optional(),
});
const inspection = z.object({
  messages: z.object({
    ready: z.array(message),
    delayed: z.array(message),
    inflight: z.array(z.object({ message, receiptHandle: z.string(), visibilityDeadline: z.number() })),
  }),
});

export type Inspection = z.output<typeof inspection>['messages'];

export const inspectionOf = (answer: unknown): Inspection => inspection.parse(answer).messages;

export function listed({ ready, delayed, inflight }: Inspection): QueuedMessage[] {
  const isPast = (instant = 0): boolean => instant <= Date.now();
  return [
    ...ready.map((one) => shown(one, 'ready')),
    ...delayed.map((one) => shown(one, isPast(one.delayUntil) ? 'ready' : 'delayed')),
    ...inflight.map((one) => shown(one.message, isPast(one.visibilityDeadline) ? 'ready' : 'leased')),
  ];
}

const shown = (one: z.output<typeof message>, state: QueuedMessage['state']): QueuedMessage => ({
  messageId: one.messageId,
  body: one.body,
  attributes: Object.fromEntries(
    Object.entries(one.messageAttributes).map(([name, { StringValue }]) => [name, StringValue]),
  ),
  receiveCount: one.approximateReceiveCount,
  state,
});
