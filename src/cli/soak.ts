// `npm run soak`: real workers, fed without a pause and struck by faults, for as long as wanted; what they take must not grow. See docs/soak.md.
import { randomInt } from 'node:crypto';
import { Command, InvalidArgumentError } from 'commander';
import { reportJson, reportText } from '../../test/support/soak/report.ts';
import { soak } from '../../test/support/soak/soak.ts';
import { runCommand } from './run-command.ts';
import { stopOnSignals, unlessStopped } from './stop-on-signals.ts';

/** Long enough for some tasks between two faults, short enough for hundreds of faults an hour. */
const calmMs = 8_000;
/** Idle connections are closed after 5 s by whoever serves them. */
const restMs = 7_000;

type Options = { minutes: number; tasks?: number; slots: number; seed?: number; json?: true };

await runCommand(async () => {
  const command = new Command('npm run soak --')
    .description('Runs two real workers on stand-ins, with faults drawn from a seed; see docs/soak.md.')
    .option('--minutes <number>', 'how long tasks are sent', number, 5)
    .option('--tasks <number>', 'instead: how many tasks each worker gets', number)
    .option('--slots <number>', 'slots of each worker', number, 2)
    .option('--seed <number>', 'what the faults are drawn from; another one each time if not given', number)
    .option('--json', 'print the result as JSON in the last line')
    .parse();
  // Open files and processes are read from /proc.
  if (process.platform !== 'linux') command.error('error: the soak needs Linux');
  const { minutes, tasks, slots, seed, json } = command.opts<Options>();
  const stop = new AbortController();
  const tell = (line: string): void => void process.stderr.write(`${line}\n`);
  stopOnSignals(stop, () => tell('Stopping …'));
  await unlessStopped(stop.signal, async () => {
    const enough = tasks === undefined ? { minutes } : { tasks };
    const facts = { seed: seed ?? randomInt(1, 1_000_000), slots, enough, calmMs, restMs, tell };
    tell(`Seed ${facts.seed}`);
    const figures = await soak(facts, stop.signal);
    process.stdout.write(reportText(figures));
    if (json === true) process.stdout.write(`${reportJson(figures)}\n`);
    process.exitCode = figures.broken.length === 0 ? 0 : 1;
  });
});

function number(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return Number(text);
}
