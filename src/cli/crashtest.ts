// `npm run crashtest`: strikes the real worker at every point of every path and judges from outside what became of its task.
import { Command, Option } from 'commander';
import { crashPaths } from '../../test/support/crash/paths.ts';
import { crashTest, type Result } from '../../test/support/crash/crash-test.ts';
import { strikes, type Strike } from '../../test/support/crash/plan.ts';
import { sumOf, tableOf, toldAlone } from '../../test/support/crash/results.ts';
import { runCommand } from './run-command.ts';

type Options = { path?: string; point?: string; strike?: Strike; sample?: string; atOnce: string; json?: true };

await runCommand(async () => {
  const { path, point, strike, sample, atOnce, json } = new Command('npm run crashtest --')
    .description('Kills, stops and pauses the worker at every point of every path, and judges from outside.')
    .addOption(new Option('--path <name>', 'only this path').choices(crashPaths.map(({ name }) => name)))
    .option('--point <number>', 'only this point of the path')
    .addOption(new Option('--strike <kind>', 'only this kind').choices(strikes))
    .option('--sample <n>', 'only every n-th point, and the risky ones')
    .option('--at-once <n>', 'scenes at a time', '4')
    .option('--json', 'print one JSON object as last line')
    .parse()
    .opts<Options>();
  const began = performance.now();
  const results = await crashTest({
    strikes: strike === undefined ? strikes : [strike],
    ...(path !== undefined && { paths: [path] }),
    ...(point !== undefined && { number: Number(point) }),
    ...(sample !== undefined && { stride: Number(sample) }),
    atOnce: Number(atOnce),
    onResult: show,
  });
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(`\n${tableOf(results)}\n`);
  const sum = sumOf(results);
  if (json) console.log(JSON.stringify({ ...sum, seconds }));
  else console.log(`${sum.kills} strikes at ${sum.points} points in ${seconds} s, ${sum.violations} violations.`);
  process.exitCode = sum.violations === 0 ? 0 : 1;
});

function show(result: Result, done: number, all: number): void {
  for (const { rule, what } of result.violations) console.log(`${rule}: ${what}\n  ${toldAlone(result)}`);
  if (done % 50 === 0 || done === all) console.log(`${done} of ${all} scenes`);
}
