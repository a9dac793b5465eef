// Every bound of the system with its unit in its name and the reason for its value. What a user may change is in config.ts, with these as defaults.

/** Three fixes: Aider's own leaderboard shows little gain from a fourth try of a small model, and each costs minutes. */
export const fixesMax = 3;
/** A transient failure is tried again three times; an outage that lasts longer is the queue's to wait out. */
export const retriesMax = 3;
/** Ten seconds: long enough for a restarted model server, short beside a model's answer. */
export const retryWaitMs = 10_000;
/** A server may ask for a longer wait (Retry-After), but a slot is not held longer than this. */
export const retryWaitMaxMs = 15 * 60_000;
/** Ten minutes an agent run: a 1.5B model on a 2018 laptop needs seven to nine. */
export const agentRunMaxMs = 10 * 60_000;
/** One hour a task, counted over the time its steps took, so that a sleeping laptop does not use it up. */
export const taskMaxMs = 60 * 60_000;
/** One verify command; a test run that takes longer is taken for hung. */
export const verifyCommandMaxMs = 10 * 60_000;
/** One git command that talks to the server. */
export const gitCommandMaxMs = 5 * 60_000;
/** One REST call with its plugins' own retries. */
export const forgeCallMaxMs = 60_000;
/** Octokit repeats a call that failed by 5xx or the network once, after a second; longer outages are the task machine's to wait out. */
export const forgeRetriesMax = 1;
/** A rate limit that ends within this is waited for inside the call; a longer one becomes a failure with `retryAfterMs`. */
export const forgeRateLimitWaitMaxSeconds = 5;
/** `gh auth token` reads a file or the system's keyring. */
export const ghTokenMaxMs = 10_000;
/** One question to the model server; it answers from memory. */
export const modelProbeMaxMs = 5_000;

/** SQS holds a long poll for 20 s at most (SQS API reference, ReceiveMessage WaitTimeSeconds). */
export const pollWaitSeconds = 20;
/** A running task's message stays invisible this long after each heartbeat, so a dead machine's task is picked up within minutes. */
export const leaseSeconds = 300;
/** So long after its receive a message comes back at the latest, 12 h (SQS API reference, ChangeMessageVisibility). */
export const inFlightMaxSeconds = 43_200;
/**
 * Long before that a task is stopped and its message sent anew: from the first instant on between two steps, at the second in the midst of
 * one. The hour that is left is for a queue that is away.
 */
export const handoverAfterMs = 8 * 60 * 60_000;
export const handoverLatestMs = inFlightMaxSeconds * 1000 - 60 * 60_000;
/** Longest run of the agent that may be configured: one that begins with a new message has ended before it is cut off. */
export const agentRunCeilingMs = 10 * 60 * 60_000;
/** Longest time for a task that may be configured, a day: what takes longer is better split. */
export const taskCeilingMs = 24 * 60 * 60_000;
/** A task suspended by SIGTERM keeps its message this long, so that a reboot or an upgrade can resume it. */
export const suspendGraceSeconds = 15 * 60;
/** A released message comes back after this long. */
export const releaseDelaySeconds = 5 * 60;
/** One call to SQS with the SDK's own repeats; a long poll gets its wait on top. A connection that died while the laptop slept is given up after this. */
export const queueCallMaxMs = 15_000;
/** How often the SDK tries one call: blips of the network end here, outages are the worker's to wait out. */
export const queueAttempts = 3;
/** First and longest pause after a failed receive. */
export const receiveBackoffMinMs = 1_000;
export const receiveBackoffMaxMs = 60_000;

/** How often a worker looks for what its operator asks: soon enough for a person, and next to no work. */
export const requestPollMs = 1_000;

/** Messages that one look into the dead-letter queue takes: more than a person reads, and done well within the time they are hidden. */
export const deadLettersMax = 1_000;

/** Largest issue body that a message carries: SQS allows 1 MiB a message since 2025, older queues 256 KiB. */
export const bodyMaxBytes = 256 * 1024;
/** GitHub's own limit for a title. */
export const titleMaxChars = 256;
/** GitHub accepts 65,536 characters in a comment or PR body; we stay clear of it. */
export const commentMaxChars = 60_000;

/** The tail of a command's output that is kept in memory, journalled and shown. */
export const outputTailMaxChars = 8_000;
/** The whole output of one command that is kept in its log file. */
export const outputLogMaxBytes = 20 * 1024 * 1024;
export const failureMessageMaxChars = 2_000;
/** A killed process group gets this long to end after SIGTERM before SIGKILL. */
export const killGraceMs = 3_000;
/** Output that a process holds open although its program has ended is waited for this long; only one that escaped the kill does that. */
export const outputDrainMaxMs = 2_000;
/** Files that one change may touch; above it the agent has gone astray. */
export const changedFilesMax = 200;
/** One journal record, newline included; larger facts go to files beside the journal. */
export const recordMaxBytes = 4 * 1024 * 1024;
/** Log files kept, one a day. */
export const logFilesKept = 7;
