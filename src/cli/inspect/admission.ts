// Who may look: programs of this machine, the inspector's own page, and Stately's. Any web page may try to reach a port on loopback.
import type { IncomingMessage } from 'node:http';

/** Where the drawing comes from. */
export const statelyOrigin = 'https://stately.ai';

/**
 * False for a request by a foreign name, which a web site may have pointed at this machine (DNS rebinding), and for one that a foreign page
 * makes: a browser sends WebSocket requests across origins without asking. Without an Origin it is no page that asks.
 */
export function isAdmitted({ headers, socket }: IncomingMessage): boolean {
  const hosts = ['127.0.0.1', 'localhost'].map((name) => `${name}:${socket.localPort}`);
  if (headers.host === undefined || !hosts.includes(headers.host)) return false;
  const { origin } = headers;
  return origin === undefined || origin === statelyOrigin || hosts.some((host) => origin === `http://${host}`);
}
