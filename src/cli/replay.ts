// `npm run replay -- <task id or file>`: folds a journal through today's machine and prints the run. Reads only; runs no effect.
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { openState } from '../compose-state.ts';
import { loadConfig } from '../config.ts';
import { coded } from '../events/failure.ts';
import { fold } from '../machines/fold.ts';
import { replayLine, replayText, type ReplayLine } from '../machines/replay.ts';
import { readJournal } from '../services/journal/read-journal.ts';
import { demoStates } from './demo/states.ts';
import { runCommand } from './run-command.ts';

type Options = { json?: boolean; until?: number };

await runCommand(async () => {
  const command = new Command('npm run replay --')
    .description('Prints what happened in a task, from its journal.')
    .argument('<task>', 'a task id, or a journal file')
    .option('--json', 'one JSON object a line for each event')
    .option('--until <seq>', 'stop after this event', wholeNumber)
    .parse();
  const options = command.opts<Options>();
  const path = await findJournal(command.args[0] ?? '');
  const { records: whole, torn, completed } = readJournal(await readFile(path), basename(path));
  // A last record that lacks only its end counts: the worker will take it for whole, too.
  const records = completed ? [...whole, completed] : whole;
  const shown = records.filter(({ seq }) => seq <= (options.until ?? Number.POSITIVE_INFINITY));
  const lines = fold(shown).steps.map(replayLine);
  process.stdout.write(options.json === true ? asJson(lines) : replayText(shown, lines));
  if (torn.length > 0 && shown.length === records.length) {
    process.stderr.write(
      completed
        ? 'The last record lacks its end; the worker will repair it.\n'
        : `${torn.length} bytes of an unfinished record follow; the worker will cut them off.\n`,
    );
  }
});

async function findJournal(name: string): Promise<string> {
  const isFile = await stat(name).then(
    (found) => found.isFile(),
    () => false,
  );
  if (isFile) return name;
  const config = await loadConfig({ environment: process.env, workingDirectory: process.cwd() });
  if (/^[a-z0-9-]+$/.test(name)) {
    // The demo's pull requests and comments name the command with the task's id, as every worker's do.
    const played = await readdir(demoStates()).catch(() => []);
    for (const stateDirectory of [config.stateDirectory, ...played.map((run) => join(demoStates(), run))]) {
      const state = openState({ stateDirectory });
      const found = (await state.isActive(name)) ? state.journal(name) : await state.findEnded(name);
      if (found !== undefined) return found;
    }
  }
  throw coded('CW-JOURNAL-NOT-FOUND', `${name} is neither a file nor a task in ${config.stateDirectory}.`);
}

// Not a constant: the command above runs while this file is being evaluated.
function asJson(lines: readonly ReplayLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1.');
  return Number(text);
}
