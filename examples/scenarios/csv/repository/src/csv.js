/** The rows of a simple CSV (no quotes), header included. */
export function rows(text) {
  return text
    .trim()
    .split('\n')
    .map((line) => line.split(','));
}
