// `npm run retry -- <task>`: does a task again that ended without a pull request, or lets one go on that waits for its message, by a message of its own.
import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import { openState } from '../compose-state.ts';
import { openQueue } from '../compose.ts';
import { loadConfig, requireQueueUrl } from '../config.ts';
import { coded } from '../events/failure.ts';
import { parseTaskMessage } from '../events/task-message.ts';
import { messageOf, taskOf } from '../events/task.ts';
import { findTask, type FoundTask } from './tasks/find-task.ts';
import { runCommand } from './run-command.ts';

await runCommand(async () => {
  const command = new Command('npm run retry --')
    .description('Does a failed or cancelled task again, or lets one go on now that waits for its message.')
    .argument('<task>', 'the task’s id, as `npm run tasks` lists it')
    .parse();
  const id = command.args[0] ?? '';
  const config = await loadConfig({ environment: process.env, workingDirectory: process.cwd() });
  requireQueueUrl(config);
  const found = await findTask(openState(config), id);
  const text = found.state === 'released' || found.waitsForMessage ? sameAgain(found) : anew(found);
  const task = taskOf(parseTaskMessage(text));
  const messageId = await openQueue(config).send(text, new AbortController().signal);
  process.stdout.write(
    task.id === id
      ? `Queued ${id} again, to go on where it was given up (message ${messageId}).\n`
      : `Queued ${task.repository}#${task.issueNumber} anew as task ${task.id} (message ${messageId}).\n`,
  );
});

/**
 * The task's own message once more. Whichever of the two is received first takes the task up; the other is recognised by the task's id, be
 * it still in the queue or in the dead-letter queue. Throws `CW-TASK-ACTIVE` when the journal is too old to know its trigger.
 */
function sameAgain({ task }: FoundTask): string {
  const text = messageOf(task);
  if (taskOf(parseTaskMessage(text)).id !== task.id) {
    throw coded(
      'CW-TASK-ACTIVE',
      `The journal of ${task.id} does not know its trigger, so only its own message can go on with it.`,
    );
  }
  return text;
}

/** The issue as the journal knows it, with a trigger of its own: another task, with nothing of the first one's work. */
function anew({ task, state, ended }: FoundTask): string {
  if (!ended) throw coded('CW-TASK-ACTIVE', `The task ${task.id} has not ended: ${state}.`);
  if (state === 'published') throw coded('CW-TASK-ENDED', `The task ${task.id} ended with a pull request.`);
  if (task.kind === 'pr_comment') {
    throw coded('CW-TASK-UNSUPPORTED', `The task ${task.id} is a comment’s, and each comment is done once.`);
  }
  return messageOf({ ...task, createdAt: new Date().toISOString(), deliveryId: `retry-${randomUUID()}` });
}
