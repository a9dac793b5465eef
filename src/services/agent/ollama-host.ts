// Reads OLLAMA_HOST in every form that Ollama itself accepts, and says where a client reaches it.

const ollamaPort = 11_434;
/** Addresses that mean "every interface" to a server and nothing to a client. */
const anyInterface = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['[::]', '[::1]'],
  ['', '127.0.0.1'],
]);

/**
 * The base URL, without a slash at its end, of a model server given as `host`, `host:port`, `:port`, or a URL. Without a scheme the
 * port defaults to 11434; with one, to 80 or 443 (Ollama's envconfig reads it so). Undefined when it is none of these.
 */
export function ollamaBaseUrl(text: string): string | undefined {
  const trimmed = text.trim().replace(/^["']|["']$/g, '');
  const hasScheme = trimmed.includes('://');
  const [, scheme, authority, path] = /^(?:(https?):\/\/)?([^/?#@\s]*)(\/[^?#\s]*)?$/i.exec(trimmed) ?? [];
  if (authority === undefined || (hasScheme && scheme === undefined)) return undefined;
  const [, host, port] = /^(\[[\da-f:.]+\]|[^:[\]]*)(?::(\d+))?$/i.exec(bracketed(authority)) ?? [];
  if (host === undefined || (port !== undefined && Number(port) > 65_535)) return undefined;
  const reachable = anyInterface.get(host) ?? host;
  const shownPort = port ?? (hasScheme ? undefined : String(ollamaPort));
  const base = `${scheme ?? 'http'}://${reachable}${shownPort === undefined ? '' : `:${shownPort}`}`;
  return `${base}${path ?? ''}`.replace(/\/+$/, '');
}

/** An IPv6 address may be given without its brackets when it has no port. */
const bracketed = (authority: string): string =>
  /^[\da-f.]*:[\da-f.]*:[\da-f:.]*$/i.test(authority) ? `[${authority}]` : authority;
