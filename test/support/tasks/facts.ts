// Small made-up facts of a task: what it asks, what each step brings back, how steps fail. All plain JSON, as a journal holds them.
import { fixesMax, retriesMax, retryWaitMaxMs, retryWaitMs } from '../../../src/events/bounds.ts';
import { coded, type Failure } from '../../../src/events/failure.ts';
import type { FailureCode } from '../../../src/events/failure-codes.ts';
import type {
  ChangeOutcome,
  CloneOutcome,
  PublishOutcome,
  ReportOutcome,
  VerifyOutcome,
  VerifyStep,
} from '../../../src/events/outcomes.ts';
import type { CommentTask, IssueTask } from '../../../src/events/task.ts';

export const issueTask: IssueTask = {
  kind: 'issue',
  id: 'acme-shop-12-3f9a1c02d4',
  repository: 'acme/shop',
  issueNumber: 12,
  title: 'Take a discount off the cart’s total',
  body: '`total()` should accept a discount.',
  labels: ['ai-task'],
  author: 'mei',
  createdAt: '2026-11-01T09:00:00Z',
  branch: 'ai/issue-12',
};

export const commentTask: CommentTask = {
  ...issueTask,
  kind: 'pr_comment',
  id: 'acme-shop-12-77aa1c02d4',
  branch: 'feature/discount',
  prNumber: 12,
  commentId: 900,
  commentAuthor: 'mei',
};

export const limits = { fixes: fixesMax, retries: retriesMax, retryWaitMs, retryWaitMaxMs };
export const delivery = { messageId: 'm-1', receiptHandle: 'r-1', receiveCount: 1 };

const commitNumber = (number: number): string => number.toString(16).padStart(40, '0');
/** An instant that all facts share, in epoch milliseconds. */
export const instant = Date.UTC(2026, 10, 1, 9, 0, 0);

export const cloned = (durationMs = 10): CloneOutcome => ({
  base: { branch: 'main', commit: commitNumber(1) },
  remoteHead: null,
  durationMs,
});

export const changed = (durationMs = 10): ChangeOutcome => ({
  head: commitNumber(2),
  changed: true,
  files: ['src/cart.js'],
  agent: { name: 'Stub', version: '1', model: 'none' },
  transcript: { name: 'generate/stub-transcript.log', sha256: '0'.repeat(64) },
  durationMs,
});

export const step = (facts: Partial<VerifyStep> = {}): VerifyStep => ({
  kind: 'test',
  command: 'npm test',
  exitCode: 0,
  timedOut: false,
  outputTail: 'ok\n',
  durationMs: 5,
  log: { name: 'verify-0-1-test.log', sha256: '0'.repeat(64) },
  ...facts,
});

export const verified = (verdict: VerifyOutcome['verdict'] = 'passed', durationMs = 10): VerifyOutcome => ({
  verdict,
  commit: commitNumber(2),
  at: instant,
  steps: verdict === 'unverified' ? [] : [step({ exitCode: verdict === 'passed' ? 0 : 1 })],
  notOffered: verdict === 'unverified' ? ['build', 'lint', 'test'] : ['build', 'lint'],
  durationMs,
});

export const published = (durationMs = 10): PublishOutcome => ({
  pullRequest: { number: 13, url: 'https://github.example/acme/shop/pull/13' },
  commit: commitNumber(2),
  durationMs,
});

export const postedComment = { id: 1, url: 'https://github.example/acme/shop/issues/12#issuecomment-1' };
export const reported = (durationMs = 10): ReportOutcome => ({ comment: postedComment, durationMs });

export const failure = (code: FailureCode, facts: { retryAfterMs?: number } = {}): Failure =>
  coded(code, `${code} happened.`, { at: instant, ...facts }).failure;
/** Worth a repetition, and not. */
export const transient = (facts: { retryAfterMs?: number } = {}): Failure => failure('CW-GIT-NETWORK', facts);
export const permanent = (): Failure => failure('CW-GIT-AUTH');
