/** The title with single spaces and none at its ends. */
export function tidy(title) {
  return title.trim().replace(/\s+/g, ' ');
}
