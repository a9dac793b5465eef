// Keeps a file's line endings and byte order mark, which Aider loses: otherwise a one-line change would touch every line.

const byteOrderMark = '\uFEFF';

/** `after` with the line endings (all CRLF) and the byte order mark of `before`. Files that are not UTF-8 or mix endings stay as they are. */
export function asBefore(before: Buffer | undefined, after: Buffer): Buffer {
  if (before === undefined) return after;
  const old = before.toString('utf8');
  let text = after.toString('utf8');
  if (!Buffer.from(text).equals(after)) return after;
  if (isAllCrlf(old)) text = text.replaceAll(/\r?\n/g, '\r\n');
  if (old.startsWith(byteOrderMark) && !text.startsWith(byteOrderMark)) text = byteOrderMark + text;
  return Buffer.from(text);
}

const isAllCrlf = (text: string): boolean => text.includes('\n') && !/(?<!\r)\n/.test(text);
