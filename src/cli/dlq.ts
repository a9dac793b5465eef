// `npm run dlq -- list | show <message> | redrive [<message> | --all]`: what lies in the dead-letter queue, why, and back to work with it.
import { Command } from 'commander';
import { openDeadLetters } from '../compose.ts';
import { loadConfig } from '../config.ts';
import { suggestionsMax } from '../events/bounds.ts';
import { coded } from '../events/failure.ts';
import type { DeadLetter, DeadLetters } from '../services/queue/dead-letters.ts';
import { letterList, letterText, shownLetter } from './dlq/letter-text.ts';
import { runCommand } from './run-command.ts';
import { stopOnSignals } from './stop-on-signals.ts';

type Json = { json?: true };

await runCommand(async () => {
  const stop = new AbortController();
  // What was received must be given back, so a first Ctrl-C does not end it at once.
  stopOnSignals(stop, () => process.stderr.write('Stopping …\n'));
  const { signal } = stop;
  const command = new Command('npm run dlq --').description('The dead-letter queue. Looking at it uses nothing up.');
  command
    .command('list')
    .description('list the messages and why they are there')
    .option('--json', 'one JSON object a line for each message')
    .action(async ({ json }: Json) => {
      const letters = await (await open()).list(signal);
      out(json ? letters.map((letter) => `${JSON.stringify(shownLetter(letter))}\n`).join('') : letterList(letters));
    });
  command
    .command('show <message>')
    .description('show one message whole, named by its id or its task’s')
    .option('--json', 'as one JSON object, with the text')
    .action(async (id: string, { json }: Json) => {
      const letters = await (await open()).list(signal);
      const letter = letters.find((each) => isNamed(each, id));
      if (letter === undefined) throw notThere(id, letters);
      out(json ? `${JSON.stringify({ ...shownLetter(letter), body: letter.body })}\n` : letterText(letter));
    });
  command
    .command('redrive [message]')
    .description('send one message, or all of them, back to the queue')
    .option('--all', 'all of them')
    .action(async (id: string | undefined, { all }: { all?: true }) => {
      if ((id === undefined) === (all === undefined)) command.error('error: name one message, or give --all');
      const seen: DeadLetter[] = [];
      const isWanted = (letter: DeadLetter): boolean => {
        seen.push(letter);
        return id === undefined || isNamed(letter, id);
      };
      const moved = await (await open()).redrive(isWanted, signal);
      if (id !== undefined && moved.length === 0) throw notThere(id, seen);
      out(`${moved.length === 1 ? '1 message is' : `${moved.length} messages are`} back in the queue.\n`);
    });
  await command.parseAsync();
});

async function open(): Promise<DeadLetters> {
  return openDeadLetters(await loadConfig({ environment: process.env, workingDirectory: process.cwd() }));
}

/** By its own id, or by its task's. */
function isNamed(letter: DeadLetter, name: string): boolean {
  return letter.messageId === name || shownLetter(letter).task === name;
}

function notThere(name: string, letters: readonly DeadLetter[]): Error {
  const near = letters.map(({ messageId }) => messageId).filter((id) => name !== '' && id.startsWith(name));
  const meant = near.length === 0 ? '' : ` Did you mean ${near.slice(0, suggestionsMax).join(' or ')}?`;
  return coded(
    'CW-QUEUE-NO-SUCH-MESSAGE',
    `The dead-letter queue shows no message ${JSON.stringify(name)} now.${meant}`,
  );
}

function out(text: string): void {
  process.stdout.write(text);
}
