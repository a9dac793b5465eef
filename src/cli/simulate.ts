// `npm run simulate`: runs seeds of the deterministic simulation and names every one that breaks a rule.
import { Command } from 'commander';
import { noStrikes, strikes } from '../../test/support/simulation/plan.ts';
import { simulate } from '../../test/support/simulation/simulate.ts';
import { runCommand } from './run-command.ts';

type Options = { seeds: string; start: string; json?: true; trace?: true; first?: true };

await runCommand(async () => {
  const { seeds, start, json, trace, first } = new Command('simulate')
    .description('Runs the worker on simulated clocks, disks, queue and GitHub with faults drawn from seeds.')
    .option('--seeds <number>', 'how many seeds', '1000')
    .option('--start <seed>', 'the first seed', '1')
    .option('--json', 'print one JSON object as last line')
    .option('--first', 'stop at the first seed that breaks a rule')
    .option('--trace', 'print what happened in each run')
    .parse()
    .opts<Options>();
  const began = performance.now();
  const counts = { seeds: 0, events: 0, minutes: 0, pullRequests: 0, comments: 0, deadLetters: 0 };
  const sum = { ...counts, strikes: noStrikes(), failed: [] as number[] };
  for (let seed = Number(start); seed < Number(start) + Number(seeds); seed += 1) {
    const run = await simulate(seed, trace === true);
    sum.seeds += 1;
    sum.events += run.events;
    sum.minutes += run.minutes;
    sum.pullRequests += run.pullRequests;
    sum.comments += run.comments;
    sum.deadLetters += run.deadLetters;
    for (const strike of strikes) sum.strikes[strike] += run.strikes[strike];
    if (trace) console.log(run.notes.join('\n'));
    if (run.violations.length === 0) continue;
    sum.failed.push(seed);
    console.log(`seed ${seed}: ${run.violations.join('; ')}\n  npm run simulate -- --seeds 1 --start ${seed} --trace`);
    if (first) break;
  }
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  if (json) console.log(JSON.stringify({ ...sum, seconds }));
  else console.log(`${sum.seeds} seeds, ${sum.events} events in ${seconds} s; ${sum.failed.length} broke a rule.`);
  process.exitCode = sum.failed.length === 0 ? 0 : 1;
});
