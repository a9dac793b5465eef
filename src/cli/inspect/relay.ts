// Shows frames to whoever opens the inspector's page: a web server and WebSocket on 127.0.0.1 that speaks the protocol of @statelyai/inspect.
//
// The package's own server is not used: it listens on every interface, answers any origin, and passes on what any client sends it.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { viewerBehindMaxBytes, viewerGoodbyeMaxMs, viewerHeardMaxBytes } from '../../events/bounds.ts';
import { isAdmitted } from './admission.ts';
import { pageHeaders, pageOf } from './page.ts';

export type Relay = {
  /** `http://127.0.0.1:<port>/`, the page to open. The WebSocket has the same address. */
  url: string;
  /** Shows a frame to all viewers. */
  send: (frame: string) => void;
  /** Says goodbye to the viewers and stops listening. */
  close: () => Promise<void>;
};

/** `port` 0 takes a free one. `history` gives the frames for a new viewer. Throws Node's error (EADDRINUSE, EACCES) when the port cannot be had. */
export async function startRelay(port: number, history: () => readonly string[]): Promise<Relay> {
  const server = createServer(answer);
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: viewerHeardMaxBytes,
    perMessageDeflate: false,
  });
  server.on('upgrade', (request, socket, head) => {
    // A connection that breaks off here is nobody's loss.
    socket.on('error', () => undefined);
    if (!isAdmitted(request)) return void socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
    sockets.handleUpgrade(request, socket, head, (viewer) => welcome(viewer, history()));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on an IP port has an AddressInfo.
  const { port: own } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${own}/`,
    send: (frame) => {
      for (const viewer of sockets.clients) show(viewer, frame);
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await Promise.all([...sockets.clients].map(goodbye));
      await closed;
    },
  };
}

function welcome(viewer: WebSocket, history: readonly string[]): void {
  viewer.on('error', () => viewer.terminate());
  for (const frame of history) show(viewer, frame);
}

async function goodbye(viewer: WebSocket): Promise<void> {
  const closed = once(viewer, 'close');
  viewer.close(1001, 'the worker has ended');
  const limit = setTimeout(() => viewer.terminate(), viewerGoodbyeMaxMs);
  await closed;
  clearTimeout(limit);
}

function show(viewer: WebSocket, frame: string): void {
  if (viewer.readyState !== viewer.OPEN) return;
  if (viewer.bufferedAmount > viewerBehindMaxBytes) viewer.terminate();
  else viewer.send(frame);
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const say = (status: number, text: string): void => {
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
  };
  if (!isAdmitted(request)) return say(403, 'This page is for the machine that it runs on.\n');
  if (request.url !== '/') return say(404, 'There is only one page, /.\n');
  if (request.method !== 'GET' && request.method !== 'HEAD') return say(405, 'This page can only be read.\n');
  response.writeHead(200, pageHeaders(request.headers.host ?? '')).end(request.method === 'GET' ? pageOf() : undefined);
}
