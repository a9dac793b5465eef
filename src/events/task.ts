// A task is what the worker does: one issue, or one comment on a pull request. Its id names it everywhere: journal, logs, comments.
import { createHash } from 'node:crypto';
import type { TaskMessage } from './task-message.ts';

type TaskFacts = {
  /** `owner-name-12-3f9a1c02d4`: readable, safe as a file name, the same for every delivery of one trigger. */
  id: string;
  /** `owner/name`. */
  repository: string;
  issueNumber: number;
  title: string;
  body: string;
  labels: string[];
  /** Login of who opened the issue, when known. */
  author?: string;
  /** ISO 8601. */
  createdAt: string;
  /** Names the trigger, when the message did; journals of before this was kept lack it. */
  deliveryId?: string;
  /** Branch that the change is pushed to. */
  branch: string;
};

export type IssueTask = TaskFacts & { kind: 'issue' };
export type CommentTask = TaskFacts & {
  kind: 'pr_comment';
  prNumber: number;
  commentId: number;
  commentAuthor: string;
};
export type Task = IssueTask | CommentTask;

/** The branch an issue's change goes to. */
const issueBranch = (issueNumber: number): string => `ai/issue-${issueNumber}`;

/** The task that a message asks for. Equal triggers give equal ids, whatever else the message says. */
export function taskOf(message: TaskMessage): Task {
  const facts = {
    id: taskId(message),
    repository: message.repository,
    issueNumber: message.issue_number,
    title: message.title,
    body: message.body,
    labels: message.labels,
    ...(message.issue_author !== undefined && { author: message.issue_author }),
    createdAt: message.created_at,
    ...(message.delivery_id !== undefined && { deliveryId: message.delivery_id }),
  };
  if (message.type === 'issue') return { ...facts, kind: 'issue', branch: issueBranch(message.issue_number) };
  return {
    ...facts,
    kind: 'pr_comment',
    branch: message.branch_name,
    prNumber: message.pr_number,
    commentId: message.comment_id,
    commentAuthor: message.comment_author,
  };
}

/** The text of a message that asks for this task: `taskOf` makes the same task of it, the same id included if the trigger is known. */
export function messageOf(task: Task): string {
  return JSON.stringify({
    version: 1,
    type: task.kind,
    repository: task.repository,
    issue_number: task.issueNumber,
    title: task.title,
    body: task.body,
    labels: task.labels,
    created_at: task.createdAt,
    ...(task.author !== undefined && { issue_author: task.author }),
    ...(task.deliveryId !== undefined && { delivery_id: task.deliveryId }),
    ...(task.kind === 'pr_comment' && {
      pr_number: task.prNumber,
      branch_name: task.branch,
      comment_id: task.commentId,
      comment_author: task.commentAuthor,
    }),
  });
}

function taskId(message: TaskMessage): string {
  const trigger =
    message.type === 'pr_comment' ? `comment ${message.comment_id}` : (message.delivery_id ?? message.created_at);
  const identity = [message.repository.toLowerCase(), message.type, message.issue_number, trigger].join('\n');
  const digest = createHash('sha256').update(identity).digest('hex').slice(0, 10);
  const readable = message.repository
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 60);
  return `${readable}-${message.issue_number}-${digest}`;
}
