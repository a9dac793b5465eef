// Which scenes a crash test plays: every strike at every point of every path, or a part of that.
import type { CrashPath } from './paths.ts';

export const strikes = ['kill', 'kill-again', 'suspend', 'pause', 'second'] as const;
export type Strike = (typeof strikes)[number];

/** A path with the points that can be struck on it, in order. */
export type Rehearsed = { path: CrashPath; points: readonly string[] };

export type Case = {
  path: CrashPath;
  strike: Strike;
  /** From 1; 0 for all of the path's points in one run. */
  number: number;
  point: string;
};

export type Selection = {
  strikes: readonly Strike[];
  /** One point of each path, from 1. */
  number?: number;
  /** Every n-th point beside the risky ones; all if not said. */
  stride?: number;
};

export function plan(rehearsed: readonly Rehearsed[], selection: Selection): Case[] {
  const isWhole = selection.number === undefined;
  return selection.strikes.flatMap((strike) => {
    if (strike === 'second') return rehearsed.map(({ path }) => ({ path, strike, number: 0, point: 'each' }));
    const chosen = candidates(strike, rehearsed, isWhole).filter(({ number, point }) =>
      isWhole ? isSampled(number, point, selection.stride) : number === selection.number,
    );
    // Two kills of one task: at every fifth point, and again somewhere behind it.
    return strike === 'kill-again' && isWhole ? chosen.filter((_, index) => index % 5 === 0) : chosen;
  });
}

/**
 * A killed worker's successor goes another way on each path, so that is struck everywhere. What the other strikes do to the struck worker
 * itself is the same wherever the way so far was the same: they are played on the first path that gets there.
 */
function candidates(strike: Strike, rehearsed: readonly Rehearsed[], isWhole: boolean): Case[] {
  const walked = new Set<string>();
  return rehearsed.flatMap(({ path, points }) => {
    let way = '';
    return points.flatMap((point, index) => {
      way += `${point}\n`;
      const isKnown = walked.has(way);
      walked.add(way);
      const one = { path, strike, number: index + 1, point };
      return isKnown && isWhole && (strike === 'suspend' || strike === 'pause') ? [] : [one];
    });
  });
}

/** Right behind what others see, or what a task begins or ends with: there a second try would show. */
const risky =
  /^after (?:POST \/pulls|POST .*comments|workspace\.push|queue\.receive|queue\.delete|create|write (?:publish|report)\.done)/;

const isSampled = (number: number, point: string, stride = 1): boolean => number % stride === 0 || risky.test(point);
