// `npm run mutants`: breaks the worker in one way after the other, and fails unless each named suite notices.
import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { mutants, type Mutant, type Suite } from '../../test/support/mutants/mutants.ts';
import { copyOfCode, tryOut, type Verdict } from '../../test/support/mutants/trial.ts';
import { runCommand } from './run-command.ts';

type Options = { only: string; jobs: string };

/** A suite on the code with one mutant, or as it is: a suite that fails anyhow notices nothing. */
type Trial = { mutant: Mutant | undefined; suite: Suite; wanted: Verdict['says'] };

await runCommand(async () => {
  const { only, jobs } = new Command('mutants')
    .description('Breaks the worker on purpose in a copy of the code; the suites named for each break must fail there.')
    .option('--only <text>', 'only mutants whose name contains this', '')
    .option('--jobs <number>', 'how many at once', String(availableParallelism()))
    .parse()
    .opts<Options>();
  const chosen = mutants.filter(({ name }) => name.includes(only));
  const trials = trialsOf(chosen);
  const left = [...trials];
  let bad = 0;
  const work = async (): Promise<void> => {
    for (let trial = left.shift(); trial !== undefined; trial = left.shift()) if (!(await isAsWanted(trial))) bad += 1;
  };
  await Promise.all(Array.from({ length: Number(jobs) }, work));
  const result = bad === 0 ? 'each noticed by each of its suites' : `${bad} trials of ${trials.length} BAD`;
  console.log(`${chosen.length} mutants, ${result}.`);
  process.exitCode = chosen.length > 0 && bad === 0 ? 0 : 1;
});

/** The longest first: the code as it is, on which nothing ends a suite early. The simulation's seeds are run by the tests. */
function trialsOf(chosen: readonly Mutant[]): Trial[] {
  const suites = new Set(chosen.flatMap(({ noticedBy }) => noticedBy));
  suites.delete('simulation');
  return [
    ...[...suites].map((suite): Trial => ({ mutant: undefined, suite, wanted: 'passed' })),
    ...chosen.flatMap((mutant) => mutant.noticedBy.map((suite): Trial => ({ mutant, suite, wanted: 'failed' }))),
  ];
}

async function isAsWanted({ mutant, suite, wanted }: Trial): Promise<boolean> {
  const { folder, remove } = await copyOfCode(mutant);
  try {
    const { says, how } = await tryOut(suite, folder);
    const name = mutant?.name ?? 'the code as it is';
    console.log(`${says === wanted ? 'ok ' : 'BAD'} ${name} | ${suite} ${says}${how === '' ? '' : `: ${how}`}`);
    return says === wanted;
  } finally {
    await remove();
  }
}
