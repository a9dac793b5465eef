// Small models save themselves the rest of a file with a comment such as "… existing code …"; taken at its word, that deletes the rest.

/** A line of an ellipsis and a word for what is left out, in a comment or bare; `...existing` without a space is code. */
const elision =
  /^(?:(?:\/\/|\/\*|#|<!--|--|;|%|\*)\s*(?:\.{3}|…)|(?:\.{3}|…)\s).*\b(?:rest|existing|remaining|unchanged|omitted|previous|other|same)\b/iu;
/** The same with the ellipsis at the end: "// rest of the code …". */
const trailingElision =
  /^(?:\/\/|\/\*|#|<!--|--|;|%|\*)\s*(?:the )?(?:rest|existing|remaining|unchanged|omitted|previous|other|same)\b.*(?:\.{3}|…)\s*(?:\*\/|-->)?\s*$/iu;

/** The first line of `after` that stands for text left out, and was not in `before` already. */
export function elisionIn(before: string, after: string): string | undefined {
  const known = new Set(before.split('\n').map((line) => line.trim()));
  return after
    .split('\n')
    .map((line) => line.trim())
    .find((line) => !known.has(line) && (elision.test(line) || trailingElision.test(line)));
}
