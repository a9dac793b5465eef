// `npm run bench`: what the worker costs beside a plain bash script, what its journal costs beside the disk alone, and how soon it starts.
import { Command, InvalidArgumentError, Option } from 'commander';
import { measured, parts, type Amounts, type Part } from './bench/parts.ts';
import { runCommand } from './run-command.ts';
import { stopOnSignals, unlessStopped } from './stop-on-signals.ts';

type Options = Amounts & { only?: Part; json?: true };

await runCommand(async () => {
  const { only, json, ...amounts } = new Command('npm run bench --')
    .description('Measures the worker, its journal and its start; see docs/bench.md.')
    .addOption(new Option('--only <part>', 'one part of it').choices(parts))
    .option('--tasks <number>', 'job: tasks for each side', count, 10)
    .option('--starts <number>', 'job and start-up: starts of the worker that are timed', count, 5)
    .option('--pairs <number>', 'journal: pairs of turns at each level', count, 8)
    .option('--finished <number>', 'start-up: the most finished tasks', count, 100_000)
    .option('--unfinished <number>', 'start-up: the most unfinished tasks', count, 1_000)
    .option('--json', 'print the result as JSON in the last line')
    .parse()
    .opts<Options>();
  const stop = new AbortController();
  stopOnSignals(stop, () => process.stderr.write('Stopping …\n'));
  await unlessStopped(stop.signal, async () => {
    const figures: Record<string, unknown> = {};
    for (const part of parts.filter((each) => only === undefined || only === each)) {
      const report = await measured[part](amounts, stop.signal);
      process.stdout.write(`${report.text}\n`);
      Object.assign(figures, report.figures);
    }
    if (json === true) process.stdout.write(`${JSON.stringify(figures)}\n`);
  });
});

function count(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 to 999999.');
  return Number(text);
}
