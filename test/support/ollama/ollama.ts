// A stand-in for Ollama on 127.0.0.1 that answers from a script and remembers what it was asked.
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { z } from 'zod';
import { giveAnswer, sendJson } from './chat-answer.ts';
import { lastUserText, ScriptReader, type ChatMessage, type Script } from './script.ts';

export type ChatRequest = {
  model: string;
  messages: ChatMessage[];
  stream: boolean;
  options: Record<string, unknown>;
};

export type OllamaStandIn = {
  /** `http://127.0.0.1:<port>`. */
  url: string;
  /** Every POST /api/chat so far, in order. */
  chats: ChatRequest[];
  /** Every request so far as `METHOD /path`, in order. */
  requests: string[];
  /** Resolves with the first chat request, past or to come, whose last user message contains `text`. */
  chatWith(text: string): Promise<ChatRequest>;
  /** Ends hanging requests, closes every connection, and stops listening. */
  close(): Promise<void>;
};

const chatBody = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.string().default('') })).default([]),
  stream: z.boolean().default(true),
  options: z.record(z.string(), z.unknown()).default({}),
});
const modelBody = z.object({ model: z.string().optional(), name: z.string().optional() });

/** Starts the stand-in. `models` are the pulled models, by full name with tag. */
export async function startOllama(setup: { models: readonly string[]; script: Script }): Promise<OllamaStandIn> {
  const reader = new ScriptReader(setup.script);
  const stop = new AbortController();
  const chats: ChatRequest[] = [];
  const requests: string[] = [];
  const arrivals = new EventEmitter();
  const isPulled = (model: string): boolean => setup.models.includes(model.includes(':') ? model : `${model}:latest`);

  const chat = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = chatBody.parse(JSON.parse(await readText(request)));
    chats.push(body);
    arrivals.emit('chat');
    if (!isPulled(body.model)) return notFound(response, body.model);
    const answer = reader.answerTo(body.messages) ?? {
      kind: 'error',
      status: 400,
      message: 'the script has no reply to this conversation',
    };
    await giveAnswer(answer, { model: body.model, stream: body.stream, signal: stop.signal }, response);
  };

  const show = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = modelBody.parse(JSON.parse(await readText(request)));
    const model = body.model ?? body.name ?? '';
    if (!isPulled(model)) return notFound(response, model);
    sendJson(response, 200, { ...details, template: '{{ .Prompt }}', model_info: {}, capabilities: ['completion'] });
  };

  const server = createServer((request, response) => {
    const asked = `${request.method} ${request.url}`;
    requests.push(asked);
    handle(asked, request, response).catch((error: unknown) => {
      if (!response.headersSent) sendJson(response, 400, { error: String(error) });
    });
  });
  const handle = async (asked: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (asked === 'GET /api/version') return sendJson(response, 200, { version: '0.12.6' });
    if (asked === 'GET /api/tags') return sendJson(response, 200, { models: setup.models.map(tagOf) });
    if (asked === 'POST /api/show') return show(request, response);
    if (asked === 'POST /api/chat') return chat(request, response);
    response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found');
  };

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server's address is an object; only a pipe's is a string.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    chats,
    requests,
    async chatWith(text) {
      for (;;) {
        const found = chats.find(({ messages }) => lastUserText(messages).includes(text));
        if (found !== undefined) return found;
        await once(arrivals, 'chat');
      }
    },
    async close() {
      stop.abort();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

const details = { details: { format: 'gguf', family: 'qwen2', parameter_size: '1.5B', quantization_level: 'Q4_K_M' } };

const tagOf = (model: string): object => ({ name: model, model, modified_at: '2026-01-01T00:00:00Z', ...details });

/** As Ollama says it: status 404 and the model's name in single quotes. */
function notFound(response: ServerResponse, model: string): void {
  sendJson(response, 404, { error: `model '${model}' not found` });
}
