// Keeps a change from passing by taking the tests away: test files in the base and none left in the change.

/** Why the tests must not be run; undefined when some are left, or when there were none before. For languages whose test files are told by name. */
export function lostTests(before: readonly string[], after: readonly string[]): string | undefined {
  const [first] = before;
  if (first === undefined || after.length > 0) return undefined;
  const others = before.length > 1 ? ` and ${before.length - 1} more` : '';
  return `Not run: the change removed every test file (${first}${others}).\n`;
}
