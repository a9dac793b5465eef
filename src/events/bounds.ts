// Every bound of the product with its unit in its name and the reason for its value. What a user may change is in config-schema.ts, with these as
// defaults. What a measurement sets for itself stands with it (src/cli/bench/), what a file's or a protocol's format fixes with its reader.

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
/** Asking a tool for its version: a version manager may fetch a toolchain to answer. */
export const toolCheckMaxMs = 60_000;
/** Entries that a search for projects and tests looks at; a repository with more has its tests among the first, or says how to run them. */
export const searchedEntriesMax = 20_000;
/** One git command that talks to the server. */
export const gitCommandMaxMs = 5 * 60_000;
/** What a git command on this machine may print, lists of a repository's files above all; far above any that a small model is of help in. */
export const gitOutputMaxChars = 64 * 1024 * 1024;
/** One REST call with its plugins' own retries. */
export const forgeCallMaxMs = 60_000;
/** Octokit repeats a call that failed by 5xx or the network once, after a second; longer outages are the task machine's to wait out. */
export const forgeRetriesMax = 1;
/** A rate limit that ends within this is waited for inside the call; a longer one becomes a failure with `retryAfterMs`. */
export const forgeRateLimitWaitMaxSeconds = 5;
/** "Wait at least one minute" (GitHub docs, REST API, Rate limits, when no header says how long). */
export const forgeRateLimitWaitDefaultMs = 60_000;
/** Entries of a list that GitHub gives at once (REST API, Pagination). */
export const forgePageEntriesMax = 100;
/** GitHub closes an issue for comments at 2,500, which is 25 pages of 100; the rest is slack. */
export const commentPagesMax = 50;
/** Of an answer that is no JSON, a proxy's page for example: enough to recognise whose it is. */
export const forgeAnswerMaxChars = 200;
/** `gh auth token` reads a file or the system's keyring. */
export const ghTokenMaxMs = 10_000;
/** One question to the model server; it answers from memory. */
export const modelProbeMaxMs = 5_000;
/** Aider's version: starting Python and reading Aider's many modules from a cold disk. */
export const agentVersionMaxMs = 60_000;
/** Of an agent's run this much is for its start; a single answer of the model may take all the rest. */
export const agentStartUpSeconds = 20;

/** Source files that are considered for the agent: enough for every repository that a small model can be of help in. What lies beyond, in the order of paths, is not seen. */
export const sourceFilesMax = 5_000;
/** Files that the agent is given to edit: each comes back whole, and more of them would not fit into one answer. */
export const editFilesMax = 6;
/** Part of the model's room that files to edit, and again those to read, may fill: the rest is for prompt and answer, and `whole` edits repeat the files. */
export const filesShareOfContextMax = 0.35;

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
/** A resumed task waits this long to hear whether its message is still ours, then it works on: what acts upon the world waits for the answer. */
export const receiptAnswerMaxMs = 500;
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
/** What AWS says of a failure; the code comes first, and the rest is detail. */
export const queueErrorMaxChars = 300;

/** How often a worker looks for what its operator asks: soon enough for a person, and next to no work. */
export const requestPollMs = 1_000;

/** Tasks that are proposed for one that is not there: no more than a person would compare. */
export const suggestionsMax = 3;
/** Slips of the fingers after which it is still told which task was meant; the last ten characters of its id tell those of one issue apart. */
export const slipsMax = 4;
/** Shorter names begin too many ids. */
export const namedMinChars = 3;

/** Messages that one look into the dead-letter queue takes: more than a person reads, and done well within the time they are hidden. */
export const deadLettersMax = 1_000;
/** Kept from others for so long while they are looked at; one whose looker was killed is visible again after this. */
export const deadLetterLookSeconds = 120;
/** A long poll, however short, asks all of SQS's servers; a poll without a wait may miss messages (SQS developer guide, short polling). */
export const deadLetterPollSeconds = 1;
/** Messages that SQS gives or takes in one call (SQS API reference, MaxNumberOfMessages). */
export const queueBatchMax = 10;

/** Free space in MiB below which no work is taken: a shallow clone, its checkouts and their packages, with some to spare. */
export const freeDiskMegabytes = 512;
/** Below this a disk counts as full for what has just failed on it: no program writes its files, temporary ones included, in less. */
export const diskFullBytes = 8 * 1024 * 1024;
/** How often a worker without room looks whether there is some. */
export const roomPollMs = 5_000;

/** Largest issue body that a message carries: SQS allows 1 MiB a message since 2025, older queues 256 KiB. */
export const bodyMaxBytes = 256 * 1024;
/** GitHub's own limit for a title. */
export const titleMaxChars = 256;
/** GitHub accepts 65,536 characters in a comment or PR body; we stay clear of it. */
export const commentMaxChars = 60_000;
/** Files that a pull request's body lists; its own tab has them all. */
export const listedFilesMax = 50;
/** What a name or a command is shown of in public. Quoted, it can take up three times as much. */
export const shownMaxChars = 200;

/** The tail of a command's output that is kept in memory, journalled and shown. */
export const outputTailMaxChars = 8_000;
/** The whole output of one command that is kept in its log file. */
export const outputLogMaxBytes = 20 * 1024 * 1024;
/** A line of output without an end (a progress bar) is written out in parts above this length. */
export const outputLineMaxChars = 8_000;
/** Of such a part this much is held back, so that a secret which has only half arrived is still masked as a whole. */
export const outputHeldBackChars = 1_000;
/** A shorter value is not masked: it would be found in ordinary words, and no secret of GitHub or AWS is that short. */
export const maskedSecretMinChars = 8;
export const failureMessageMaxChars = 2_000;
/** A killed process group gets this long to end after SIGTERM before SIGKILL. */
export const killGraceMs = 3_000;
/** Output that a process holds open although its program has ended is waited for this long; only one that escaped the kill does that. */
export const outputDrainMaxMs = 2_000;
/** Passes over the process list when a run's left-overs are ended; each finds what was started while the one before was at work. */
export const killPassesMax = 10;
/** A timer stands still while the machine sleeps; so often it is compared with the time of day, which does not. */
export const clockLookMs = 1_000;
/** Files that one change may touch; above it the agent has gone astray. */
export const changedFilesMax = 200;
/** One journal record, newline included; larger facts go to files beside the journal. */
export const recordMaxBytes = 4 * 1024 * 1024;
/** Log files kept, one a day. */
export const logFilesKept = 7;

/** One Ctrl-C comes twice under `npm run`: from the terminal, and passed on by npm (npm 11, @npmcli/run-script, signal-manager.js). */
export const samePressMaxMs = 500;
/** Between looks of `cancel` at its request, for a person who waits. */
export const cancelLookMs = 100;
/** Between looks of `replay --follow`: soon enough to watch, and the file is read only when its size has changed. */
export const followLookMs = 200;
/** What the inspector's page gets of a text: enough to recognise it. Issues and outputs are longer, and stand in the journal. */
export const inspectedTextMaxChars = 2_000;
/** Frames that a late page of the inspector is shown: some ten tasks; it draws no more at once. */
export const inspectedFramesMax = 800;
/** An inspector's page that has fallen this far behind is let go; it connects again and is shown the history. */
export const viewerBehindMaxBytes = 16 * 1024 * 1024;
/** A page that does not answer is not waited for. */
export const viewerGoodbyeMaxMs = 500;
/** A page has nothing to say. */
export const viewerHeardMaxBytes = 1_024;

/** Tasks at the same time; a local model answers them one after the other anyhow. */
export const slotsMax = 8;
/** Less than this holds neither a prompt with a file nor the answer. */
export const contextTokensMin = 2_048;
/** The widest context of the models that Aider is used with here (Qwen2.5-Coder, 128 Ki). */
export const contextTokensMax = 131_072;
/** GitHub's own limit for a label's name. */
export const labelMaxChars = 50;
