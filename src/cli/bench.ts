// `npm run bench`: the same tasks through the worker and through a plain bash script, in turn, and what each costs.
import { Command, InvalidArgumentError } from 'commander';
import { measure } from './bench/measure.ts';
import { reportJson, reportText } from './bench/report.ts';
import { openYard } from './bench/yard.ts';
import { runCommand } from './run-command.ts';
import { stopOnSignals, unlessStopped } from './stop-on-signals.ts';

type Options = { tasks: number; starts: number; json?: true };

await runCommand(async () => {
  const { tasks, starts, json } = new Command('npm run bench --')
    .description('Measures the worker against a bash script that does the same job; see docs/bench.md.')
    .option('--tasks <number>', 'tasks for each side', count, 10)
    .option('--starts <number>', 'starts of the worker that are timed', count, 5)
    .option('--json', 'print the result as JSON in the last line')
    .parse()
    .opts<Options>();
  const stop = new AbortController();
  stopOnSignals(stop, () => process.stderr.write('Stopping …\n'));
  await unlessStopped(stop.signal, async () => {
    process.stderr.write(`Measuring ${starts + 1} starts of the worker, then ${tasks + 1} tasks for each side …\n`);
    const yard = await openYard();
    try {
      const measured = await measure(yard, { tasks, starts }, stop.signal);
      process.stdout.write(reportText(measured));
      if (json === true) process.stdout.write(`${reportJson(measured)}\n`);
    } finally {
      await yard.close();
    }
  });
});

function count(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 to 9999.');
  return Number(text);
}
