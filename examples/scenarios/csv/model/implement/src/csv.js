/** The rows of a simple CSV (no quotes), header included. */
export function rows(text) {
  return text
    .trim()
    .split('\n')
    .map((line) => line.split(','));
}

/** The CSV with its rows sorted by the column `Name`; the header stays first. */
export function sortByName(text) {
  const [header, ...people] = rows(text);
  const column = header.indexOf('Name');
  if (column === -1) throw new Error('The CSV has no column Name.');
  people.sort((a, b) => a[column].localeCompare(b[column]));
  return [header, ...people].map((row) => `${row.join(',')}\n`).join('');
}
