// What a crash test found, as figures, as a table, and each finding with the command that plays it again.
import type { Result } from './crash-test.ts';
import type { Rule } from './judge.ts';
import { strikes } from './plan.ts';

export function sumOf(results: readonly Result[]) {
  const total = (one: (result: Result) => number): number => results.reduce((sum, result) => sum + one(result), 0);
  const of = (rule: Rule): number => total(({ violations }) => violations.filter((each) => each.rule === rule).length);
  const restarts = results.flatMap(({ restartMs }) => restartMs ?? []).toSorted((a, b) => a - b);
  return {
    points: new Set(results.filter(({ number }) => number > 0).map(({ path, number }) => `${path.name} ${number}`))
      .size,
    kills: total(({ kills }) => kills),
    resumed: total(({ resumed }) => resumed),
    lost: of('lost'),
    duplicate_prs: of('duplicate_prs'),
    duplicate_comments: of('duplicate_comments'),
    orphans: of('orphans'),
    repeated_agent_runs: of('repeated_agent_runs'),
    other: of('other'),
    violations: total(({ violations }) => violations.length),
    restart_ms: { median: restarts[Math.floor(restarts.length / 2)] ?? null, max: restarts.at(-1) ?? null },
  };
}

/** Strikes by path and kind, with the violations behind them if there are any. */
export function tableOf(results: readonly Result[]): string {
  const paths = [...new Set(results.map(({ path }) => path.name))];
  const cell = (path: string, strike: string): string => {
    const own = results.filter((result) => result.path.name === path && result.strike === strike);
    const kills = own.reduce((sum, result) => sum + result.kills, 0);
    const violations = own.reduce((sum, result) => sum + result.violations.length, 0);
    return violations === 0 ? String(kills) : `${kills} (${violations}!)`;
  };
  const row = (name: string, cells: readonly string[]): string =>
    name.padEnd(24) + cells.map((each) => each.padStart(12)).join('');
  const body = paths.map((path) =>
    row(
      path,
      strikes.map((strike) => cell(path, strike)),
    ),
  );
  return [row('', strikes), ...body].join('\n');
}

/** What happened, and how to see it again. */
export const toldAlone = ({ path, strike, number, point }: Result): string =>
  `${point}: npm run crashtest -- --path ${path.name} --strike ${strike}${number > 0 ? ` --point ${number}` : ''}`;
