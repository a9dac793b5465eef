// The listeners: read a request, let a fault or the right part answer it, write it down, send the answer.
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import type { Exchange, Reply } from './exchange.ts';
import type { Fault, Faults } from './faults.ts';
import { answerGit, isGitPath } from './git-http.ts';
import { answerPage } from './pages.ts';
import { answerRest } from './rest.ts';
import type { GitHubState } from './state.ts';

/** One request that came in. No headers and no bodies, hence no secrets. `status` is null when the answer was withheld. */
export type LoggedRequest = { method: string; path: string; query: string; status: number | null };

type Parts = { state: GitHubState; faults: Faults; requests: LoggedRequest[] };
export type Listener = { origin: string; close(): Promise<void> };

/** Listens on a free port of the loopback interface; with `tls`, over HTTPS. */
export async function listen(parts: Parts, tls?: { key: string; cert: string }): Promise<Listener> {
  let origin = '';
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    serve(parts, origin, request, response).catch((error: unknown) => {
      // A client that went away while it was read is not worth a word; anything else is a defect of the stand-in.
      if (!request.destroyed || response.writable) response.writeHead(500).end(String(error));
    });
  };
  const server: Server = tls === undefined ? createHttpServer(onRequest) : createHttpsServer(tls, onRequest);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The stand-in has no port.');
  origin = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${address.port}`;
  const close = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { origin, close };
}

async function serve(parts: Parts, origin: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const exchange = await exchangeOf(request, origin);
  const { method, path } = exchange;
  const entry: LoggedRequest = { method, path, query: exchange.query.toString(), status: null };
  parts.requests.push(entry);
  const fault = parts.faults.take(method, path);
  const real = fault === undefined || fault.afterSuccess === true ? await answer(parts.state, exchange) : undefined;
  const reply = fault === undefined ? real : faultReply(fault, real);
  if (reply === undefined) {
    if (fault?.hang !== true) response.destroy();
    return;
  }
  entry.status = reply.status;
  response.writeHead(reply.status, reply.headers).end(reply.body);
}

async function exchangeOf(request: IncomingMessage, origin: string): Promise<Exchange> {
  const { pathname, searchParams } = new URL(request.url ?? '/', origin);
  const body = await buffer(request);
  const path = pathname.replace(/^\/api\/v3(?=\/)/, '');
  return { method: request.method ?? 'GET', path, query: searchParams, headers: request.headers, body, origin };
}

function answer(state: GitHubState, exchange: Exchange): Promise<Reply> {
  if (isGitPath(exchange.path)) return answerGit(state, exchange);
  if (/^\/(?:user$|users\/|repos\/|repositories\/)/.test(exchange.path)) return answerRest(state, exchange);
  return answerPage(state, exchange);
}

/** Undefined when nothing shall be sent. */
function faultReply(fault: Fault, real: Reply | undefined): Reply | undefined {
  if (fault.dropConnection === true || fault.hang === true) return undefined;
  const status = fault.status ?? real?.status ?? 500;
  const body = fault.body ?? { message: `Injected ${status}`, status: String(status) };
  if (typeof body === 'string') return { status, headers: { 'content-type': 'text/html', ...fault.headers }, body };
  const headers = { 'content-type': 'application/json; charset=utf-8', ...fault.headers };
  return { status, headers, body: JSON.stringify(body) };
}
