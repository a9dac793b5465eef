// The journal's vocabulary: every kind of record, when it is written and what it proves. One JSON line each.
import type { Failure } from './failure.ts';
import type {
  ChangeOutcome,
  CloneOutcome,
  PublishOutcome,
  ReportOutcome,
  VerifyOutcome,
  WaitOutcome,
} from './outcomes.ts';
import type { TaskLimits } from './limits.ts';
import type { Task } from './task.ts';

/** The queue message that a task came with, as far as it is needed to settle it. */
export type DeliveryReference = { messageId: string; receiptHandle: string; receiveCount: number };

export type WorkerIdentity = { id: string; host: string; pid: number; version: string };

/** Why a step failed, and how many milliseconds it had run: a failed try uses up the task's time too. */
export type StepFailure = Failure & { durationMs?: number };

export type JournalEntry =
  /** Before anything is done for a message: proves that the task is ours to end. Always the first record. */
  | { type: 'task.accepted'; data: { task: Task; limits: TaskLimits; delivery: DeliveryReference } }
  /**
   * When a worker starts or resumes the task: a higher epoch takes the task from a lower one. `limits` are this worker's, in force from here
   * on; older journals lack them and keep those of before.
   */
  | { type: 'task.claimed'; data: { epoch: number; worker: WorkerIdentity; limits?: TaskLimits } }
  /** When a released task's message comes back: the run goes on at the step that was given up. */
  | { type: 'task.reopened'; data: { delivery: DeliveryReference } }
  /** When the running task's message was delivered again: the newer receipt is the one that settles it. */
  | { type: 'lease.adopted'; data: { delivery: DeliveryReference } }
  /**
   * When a worker was asked to stop in mid-task; the next one resumes. `waitsFor`: the message is no longer ours, so the task goes on when
   * it comes again.
   */
  | { type: 'task.suspended'; data: { reason: string; waitsFor?: 'message' } }
  /** When somebody cancelled the task, or a worker found it ended by another one; then `found` is the address of that end. */
  | { type: 'task.cancelled'; data: { by: string; reason: string; found?: string } }
  /** When a torn last record was found, saved aside and cut off. */
  | { type: 'journal.repaired'; data: { bytes: number; savedAs: string } }
  /**
   * After the message was deleted, given back for a later delivery, or put with the reason into the dead-letter queue: this run owes it
   * nothing any more.
   */
  | { type: 'message.settled'; data: { how: 'deleted' | 'released' | 'parked' } }
  /** When a suspended task's message, in flight for long, was sent anew; the old one is deleted next. Holds the new one's id. */
  | { type: 'message.renewed'; data: { messageId: string } }
  /** The working copy holds the base commit, and the task's branch starts there. */
  | { type: 'clone.done'; data: CloneOutcome }
  | { type: 'clone.failed'; data: StepFailure }
  /** The agent's first pass ended and its edits, if any, are a commit. */
  | { type: 'generate.done'; data: ChangeOutcome }
  | { type: 'generate.failed'; data: StepFailure }
  /** The agent's second pass, for tests, ended and its edits, if any, are a commit. */
  | { type: 'tests.done'; data: ChangeOutcome }
  | { type: 'tests.failed'; data: StepFailure }
  /** The repository's commands all succeeded on the commit. */
  | { type: 'verify.passed'; data: VerifyOutcome }
  /** One of the repository's commands failed on the commit. */
  | { type: 'verify.failed'; data: VerifyOutcome }
  /** The repository offers nothing to run; nothing is proven. */
  | { type: 'verify.unverified'; data: VerifyOutcome }
  /** The commands could not be run, so nothing is known of the commit. */
  | { type: 'verify.errored'; data: StepFailure }
  /** A fix pass ended and its edits, if any, are a commit. */
  | { type: 'fix.done'; data: ChangeOutcome }
  | { type: 'fix.failed'; data: StepFailure }
  /** The branch is pushed and its pull request exists. */
  | { type: 'publish.done'; data: PublishOutcome }
  | { type: 'publish.failed'; data: StepFailure }
  /** The explanation stands on the issue, and no branch of ours is left. */
  | { type: 'report.done'; data: ReportOutcome }
  /** There is no issue to explain it on any more; the dead-letter queue keeps the message with the reason. */
  | { type: 'report.undeliverable'; data: ReportOutcome }
  | { type: 'report.failed'; data: StepFailure }
  /** The wait after a transient failure is over. */
  | { type: 'wait.done'; data: WaitOutcome }
  | { type: 'wait.failed'; data: StepFailure };

export type JournalEntryType = JournalEntry['type'];

/**
 * An entry with its place: `seq` counts from 1 without gaps, `at` is in epoch milliseconds. `state` is the task's state after a record that
 * moves it, as the writing worker's machine has it; older journals lack it, and nothing is decided by it.
 */
export type JournalRecord = JournalEntry & { v: 1; seq: number; at: number; task: string; state?: string };

/** The version that this worker writes, and the newest that it reads. */
export const journalVersion = 1;
