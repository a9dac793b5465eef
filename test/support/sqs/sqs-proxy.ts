// Stands between a worker and the queue: counts the calls, and lets them fail, hang or lose their answers as a test wants.
import { once } from 'node:events';
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export type QueueCall = 'ReceiveMessage' | 'ChangeMessageVisibility' | 'DeleteMessage' | 'SendMessage';

export type QueueTrouble = {
  /** Which calls; all of them if not said. */
  call?: QueueCall;
  /** Closes the connection: before the call takes effect, or after it, so that only the answer is lost. */
  drop?: 'before' | 'after';
  /** Lets the call take effect and never answers it. */
  hang?: boolean;
  /** Answers instead of the queue, with an error of this name. */
  error?: { status: number; name: string };
};

/** One call that came in; `body` is its JSON. */
export type SeenCall = { call: string; body: Record<string, unknown> };

export type SqsProxy = {
  endpoint: string;
  calls: readonly SeenCall[];
  /** How many calls are waiting for their answer now. */
  open: (call: QueueCall) => number;
  /** From now on, instead of any trouble before. */
  trouble: (trouble: QueueTrouble) => void;
  recover: () => void;
  /** Drops the list of calls. For runs that last for hours. */
  forget: () => void;
  close: () => Promise<void>;
};

/** Listens on 127.0.0.1 and a free port; `upstream` is the stand-in's endpoint. */
export async function startSqsProxy(upstream: string): Promise<SqsProxy> {
  let now: QueueTrouble | undefined;
  const calls: SeenCall[] = [];
  const open: string[] = [];

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await buffer(request);
    const call = String(request.headers['x-amz-target']).replace('AmazonSQS.', '');
    calls.push({ call, body: JSON.parse(body.toString('utf8')) as Record<string, unknown> }); // SQS's protocol is JSON objects
    open.push(call);
    response.once('close', () => open.splice(open.indexOf(call), 1));
    const trouble = now === undefined || (now.call !== undefined && now.call !== call) ? {} : now;
    if (trouble.drop === 'before') return void response.destroy();
    if (trouble.error) return refuse(response, trouble.error);
    const answer = await forward(upstream, request, body, response);
    if (trouble.hang) return;
    if (trouble.drop === 'after') return void response.destroy();
    response.writeHead(answer.status, answer.headers).end(answer.body);
  };
  const server = createServer((request, response) => {
    // A client or an upstream that goes away ends the call, and nothing else.
    serve(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on an IP port has an AddressInfo.
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    endpoint,
    calls,
    open: (call) => open.filter((each) => each === call).length,
    trouble(trouble) {
      now = trouble;
      // A long poll that waits since before would see nothing of it.
      server.closeAllConnections();
    },
    recover: () => void (now = undefined),
    forget: () => void (calls.length = 0),
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function refuse(response: ServerResponse, { status, name }: { status: number; name: string }): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(JSON.stringify({ __type: `com.amazonaws.sqs#${name}`, message: `Injected ${name}` }));
}

type Answer = { status: number; headers: Record<string, string>; body: Buffer };

/** The client's going is passed on, so that the stand-in hands no message to nobody. */
async function forward(
  upstream: string,
  { headers }: IncomingMessage,
  body: Buffer,
  client: ServerResponse,
): Promise<Answer> {
  const asked = ask(upstream, { method: 'POST', path: '/', headers: { ...headers, connection: 'close' } });
  client.once('close', () => asked.destroy());
  asked.end(body);
  // The event's one argument.
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  const type = answer.headers['content-type'] ?? 'application/x-amz-json-1.0';
  const query = answer.headers['x-amzn-query-error'];
  return {
    status: answer.statusCode ?? 500,
    headers: { 'content-type': type, ...(typeof query === 'string' && { 'x-amzn-query-error': query }) },
    body: await buffer(answer),
  };
}
