// `npm run check`: types, lint, format, unused code, and files made from the code. Runs all, so that one look shows everything.
import { spawnSync } from 'node:child_process';

/** @type {[name: string, program: string, args: string[]][]} */
const checks = [
  ['types', 'tsc', ['-p', '.']],
  ['lint', 'oxlint', ['--type-aware', '--deny-warnings', '.']],
  ['format', 'oxfmt', ['--check', '.']],
  ['unused code', 'knip', []],
  ['picture of the machine', 'node', ['src/cli/graph.ts', '--check']],
  ['schema of the message', 'node', ['src/cli/schema.ts', '--check']],
];

const failed = checks.filter(([name, program, args]) => {
  console.log(`\n== ${name}: ${program} ${args.join(' ')}`);
  return spawnSync(program, args, { stdio: 'inherit' }).status !== 0;
});
console.log(
  failed.length === 0
    ? `\nAll ${checks.length} checks passed.`
    : `\nFailed: ${failed.map(([name]) => name).join(', ')}.`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
