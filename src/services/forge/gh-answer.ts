// Reads what `gh api --include` prints: a status line, headers, an empty line, the body, and gh's own last line on an error.
import type { RestAnswer } from './rest.ts';

// gh ends its status line by \n and its headers by \r\n.
const statusLine = /(?:^|\n)HTTP\/[\d.]+ (\d{3})[^\r\n]*(?=\r?\n)/;
const endOfHeaders = /\n\r?\n/;

/** The answer in gh's output, standard output and error interleaved; undefined when gh got none. */
export function answerInGhOutput(output: string): RestAnswer | undefined {
  const start = statusLine.exec(output);
  if (start === null) return undefined;
  const rest = output.slice(start.index + start[0].length);
  const end = endOfHeaders.exec(rest);
  const head = rest.slice(0, end?.index);
  const text = end === null ? '' : rest.slice(end.index + end[0].length);
  return { status: Number(start[1]), headers: headersIn(head), body: bodyIn(text) };
}

function headersIn(head: string): Record<string, string> {
  const lines = head.split(/\r?\n/).filter((line) => line.includes(':'));
  const pairs = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
  });
  return Object.fromEntries(pairs);
}

// `gh: Not Found (HTTP 404)`, several lines for a 422, `gh: HTTP 500` without a message.
const remarkBefore = /^gh: (?:[\s\S]*?\(HTTP \d{3}\)|HTTP \d{3})\n/;

/** gh explains an error on standard error, which comes before the body or behind it, even on its line. */
function bodyIn(text: string): unknown {
  const remarkBehind = text.lastIndexOf('gh: ');
  const candidates = [text, text.replace(remarkBefore, ''), text.slice(0, Math.max(0, remarkBehind))];
  return candidates.map(jsonIn).find((value) => value !== undefined) ?? text;
}

function jsonIn(text: string): unknown {
  try {
    // JSON is unknown until the caller has parsed it by a schema.
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
