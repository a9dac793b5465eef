// The middle of some measurements: one odd run does not move it.

/** The mean of the two middle ones when they are even in number. Throws for none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new Error('There is no middle of nothing.');
  return (lower + upper) / 2;
}

/** The value that a share `part` of them does not exceed: 0.99 for p99. Throws for none. */
export function quantile(values: readonly number[], part: number): number {
  const value = values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * part) - 1)];
  if (value === undefined) throw new Error('There is no part of nothing.');
  return value;
}
