// `npm run enqueue -- owner/repo#12`: sends one task message, with the issue's title and text from GitHub unless they are given.
import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import { findSecrets, openForge, openQueue } from '../compose.ts';
import { loadConfig, type Config } from '../config.ts';
import { coded } from '../events/failure.ts';
import { parseTaskMessage, repositoryName } from '../events/task-message.ts';
import { taskOf } from '../events/task.ts';
import { runCommand } from './run-command.ts';

type Given = { title?: string; body?: string };

await runCommand(async () => {
  const command = new Command('npm run enqueue --')
    .description('Sends one task for an issue to the queue.')
    .argument('<issue>', 'the issue as owner/repo#12')
    .option('--title <text>', 'the title, instead of GitHub’s')
    .option('--body <text>', 'the text, instead of GitHub’s')
    .parse();
  const { repository, number } = parseReference(command.args[0] ?? '');
  const config = await loadConfig({ environment: process.env, workingDirectory: process.cwd(), needs: 'queue' });
  const queue = openQueue(config);
  const signal = new AbortController().signal;
  const message = {
    version: 1,
    type: 'issue',
    repository,
    issue_number: number,
    ...(await issueText(config, repository, number, command.opts<Given>(), signal)),
    created_at: new Date().toISOString(),
    // Each call is a wish of its own: who enqueues an issue twice wants it done twice.
    delivery_id: `enqueue-${randomUUID()}`,
  };
  const text = JSON.stringify(message);
  const task = taskOf(parseTaskMessage(text));
  const messageId = await queue.send(text, signal);
  process.stdout.write(`Queued ${repository}#${number} as task ${task.id} (message ${messageId}).\n`);
});

function parseReference(text: string): { repository: string; number: number } {
  const [, repository, number] = /^([^#\s]+)#([1-9]\d{0,14})$/.exec(text) ?? [];
  if (number === undefined || !repositoryName.safeParse(repository).success || repository === undefined) {
    throw coded('CW-ISSUE-REFERENCE', `${text} does not name an issue.`);
  }
  return { repository, number: Number(number) };
}

async function issueText(config: Config, repository: string, number: number, given: Given, signal: AbortSignal) {
  if (given.title !== undefined) return { title: given.title, body: given.body ?? '' };
  const forge = await openForge(config, await findSecrets(config, process.env, signal));
  const issue = await forge.getIssue(repository, number, signal);
  if (issue.isPullRequest) throw coded('CW-ISSUE-REFERENCE', `${repository}#${number} is a pull request.`);
  return { title: issue.title, body: given.body ?? issue.body, labels: issue.labels, issue_author: issue.author };
}
