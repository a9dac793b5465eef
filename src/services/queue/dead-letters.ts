// The port to the dead-letter queue as its operator sees it: look at what lies there, and send it back to work. Looking uses nothing up.

export type DeadLetter = {
  messageId: string;
  body: string;
  /** Epoch milliseconds at which it was sent; for one that the queue itself moved here, when it was first sent to the queue. */
  sentAt: number;
  /** Why the worker parked it. Missing for a message that the queue moved here, after as many receives as its redrive policy says. */
  reason?: { code: string; message: string };
};

export type DeadLetters = {
  /** What can be seen there now, the oldest first, at most `deadLettersMax`. All of it is visible again when this resolves or rejects. */
  list(signal: AbortSignal): Promise<DeadLetter[]>;
  /**
   * Sends the body of each message that `isWanted` back to the queue, byte for byte, and then deletes it here. Returns what was moved. One
   * that fails in between may be in both; tasks are told apart by their id, so it is done once. What is not wanted is visible again.
   */
  redrive(isWanted: (letter: DeadLetter) => boolean, signal: AbortSignal): Promise<DeadLetter[]>;
};

/*
 * Both throw `CW-QUEUE-AUTH`, `CW-QUEUE-NOT-FOUND`, `CW-QUEUE-UNAVAILABLE` and `CW-QUEUE-NO-DEAD-LETTER`; `redrive` also
 * `CW-MESSAGE-INVALID` when the queue refuses a body. An abort rejects with the signal's reason.
 */
