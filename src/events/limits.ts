// What a task's machine is bound by. Recorded when the task is accepted and whenever a worker claims it, so that its replay needs no configuration.

/** The machine's own limits; time limits belong to the services. */
export type TaskLimits = {
  /** Fix passes at most. */
  fixes: number;
  /** Repetitions of one step after transient failures, at most. */
  retries: number;
  /** Milliseconds between a transient failure and the next try. */
  retryWaitMs: number;
  /** Longest such wait that a server may ask for, in milliseconds. */
  retryWaitMaxMs: number;
};
