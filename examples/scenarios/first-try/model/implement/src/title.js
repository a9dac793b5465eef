/** The title with single spaces and none at its ends. */
export function tidy(title) {
  return title.trim().replace(/\s+/g, ' ');
}

/** The title for use in an address: lower case, words joined by `-`. */
export function slug(title) {
  return title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
