/** The entries of a page; pages are counted from 1. */
export function page(entries, number, size) {
  const start = (number - 1) * size;
  return entries.slice(start, start + size);
}

/** How many pages the entries fill. */
export function pageCount(entries, size) {
  return Math.ceil(entries.length / size);
}
