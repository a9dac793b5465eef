// A message of the dead-letter queue as a person reads it: which task it is, and why it is there.
import { CodedError } from '../../events/failure.ts';
import { parseTaskMessage } from '../../events/task-message.ts';
import { taskOf } from '../../events/task.ts';
import { shownLine } from '../../machines/replay.ts';
import type { DeadLetter } from '../../services/queue/dead-letters.ts';

export type ShownLetter = {
  message: string;
  /** Epoch milliseconds. */
  sentAt: number;
  /** The task's id and issue; null for what is no task. */
  task: string | null;
  issue: string | null;
  /** Null when the queue moved it here after too many receives. */
  code: string | null;
  reason: string | null;
};

export function shownLetter({ messageId, body, sentAt, reason }: DeadLetter): ShownLetter {
  const task = taskIn(body);
  return {
    message: messageId,
    sentAt,
    task: task?.id ?? null,
    issue: task ? `${task.repository}#${task.issueNumber}` : null,
    code: reason?.code ?? null,
    reason: reason?.message ?? null,
  };
}

/** Two lines a message, ending with a line feed. */
export function letterList(letters: readonly DeadLetter[]): string {
  if (letters.length === 0) return 'The dead-letter queue is empty.\n';
  return letters.map((letter) => headOf(shownLetter(letter))).join('');
}

/** The message's two lines, and its text below an empty one. */
export const letterText = (letter: DeadLetter): string =>
  `${headOf(shownLetter(letter))}\n${letter.body
    .split('\n')
    .map((line) => shownLine(line))
    .join('\n')}\n`;

function headOf({ message, sentAt, task, issue, code, reason }: ShownLetter): string {
  const what = task === null ? 'no task' : `${task}  ${issue ?? ''}`;
  const why =
    code === null
      ? 'received as often as the queue allows, and never settled: see the task’s replay or the worker’s log'
      : `${shownLine(code)}: ${shownLine(reason ?? '')}`;
  return `${message}  ${new Date(sentAt).toISOString()}  ${what}\n      ${why}\n`;
}

function taskIn(body: string): ReturnType<typeof taskOf> | undefined {
  try {
    return taskOf(parseTaskMessage(body));
  } catch (error) {
    if (error instanceof CodedError) return undefined;
    throw error;
  }
}
