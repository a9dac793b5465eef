// The port to the task queue (SQS). At least once: a message may come twice, and it comes back unless it is deleted.
import type { Failure } from '../../events/failure.ts';

export type Delivery = {
  messageId: string;
  /** Proves ownership for one receive; a later receive makes it stale. */
  receiptHandle: string;
  body: string;
  /** How often it was received, this time included. */
  receiveCount: number;
};

export type Queue = {
  /** One long poll (20 s at most) for one message, invisible to others for `leaseSeconds` from now. */
  receive(leaseSeconds: number, signal: AbortSignal): Promise<Delivery | undefined>;
  /**
   * Keeps the message invisible for `seconds` from now. False when the receipt is stale, the message is gone, or the end would come later
   * than `inFlightMaxSeconds` after its receive: ownership is lost, or about to be.
   */
  extend(receiptHandle: string, seconds: number, signal: AbortSignal): Promise<boolean>;
  /** Deletes the message. A message that is gone already is no error. */
  delete(receiptHandle: string, signal: AbortSignal): Promise<void>;
  /** Copies the message to the dead-letter queue with the failure's code and text as attributes, then deletes it. */
  park(delivery: Delivery, failure: Failure, signal: AbortSignal): Promise<void>;
  /** Sends a message's text; returns its id. */
  send(body: string, signal: AbortSignal): Promise<string>;
};

/*
 * Every method throws `CW-QUEUE-AUTH`, `CW-QUEUE-NOT-FOUND` or `CW-QUEUE-UNAVAILABLE`, told by the SDK's error names and status;
 * `park` also `CW-QUEUE-NO-DEAD-LETTER` (nothing is deleted then); `send` and `park` also `CW-MESSAGE-INVALID` when the queue refuses
 * the text as too large. An abort rejects with the signal's reason.
 */
