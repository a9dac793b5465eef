// Gives one answer to POST /api/chat as Ollama does: NDJSON pieces, or one object when `stream` is false.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerResponse } from 'node:http';
import type { Answer } from './script.ts';

type ChatFacts = { model: string; stream: boolean; signal: AbortSignal };

const pieceLength = 200;

/** Ends when the answer is given or the connection is gone. A hanging answer lasts until `signal`. */
export async function giveAnswer(answer: Answer, facts: ChatFacts, response: ServerResponse): Promise<void> {
  switch (answer.kind) {
    case 'error':
      return sendJson(response, answer.status, { error: answer.message });
    case 'garbage':
      response.writeHead(200, { 'content-type': 'application/x-ndjson' }).end('<html>not a model</html>\n');
      return;
    case 'hang':
      return new Promise((resolve) => facts.signal.addEventListener('abort', () => resolve(), { once: true }));
    case 'drop':
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.write(line(piece(facts.model, answer.text.slice(0, 20))), () => response.destroy());
      return;
    case 'text':
      return sendText(response, facts, answer.text, 'stop', 0);
    case 'cut-off':
      return sendText(response, facts, answer.text, 'length', 0);
    case 'slow':
      return sendText(response, facts, answer.text, 'stop', answer.pauseMs);
  }
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}

async function sendText(
  response: ServerResponse,
  facts: ChatFacts,
  text: string,
  reason: 'stop' | 'length',
  pauseMs: number,
): Promise<void> {
  if (!facts.stream) return sendJson(response, 200, last(facts.model, text, text, reason));
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  for (let at = 0; at < text.length; at += pieceLength) {
    if (response.destroyed || facts.signal.aborted) return;
    response.write(line(piece(facts.model, text.slice(at, at + pieceLength))));
    if (pauseMs > 0) await sleep(pauseMs, undefined, { signal: facts.signal }).catch(() => undefined);
  }
  response.end(line(last(facts.model, '', text, reason)));
}

const line = (value: unknown): string => `${JSON.stringify(value)}\n`;

const piece = (model: string, content: string): object => ({
  model,
  created_at: new Date().toISOString(),
  message: { role: 'assistant', content },
  done: false,
});

/** Ollama counts tokens and nanoseconds in its last piece (its API description, "Generate a chat completion"). */
const last = (model: string, content: string, whole: string, reason: string): object => ({
  ...piece(model, content),
  done: true,
  done_reason: reason,
  total_duration: 1_000_000,
  load_duration: 1_000,
  prompt_eval_count: 26,
  prompt_eval_duration: 1_000,
  eval_count: Math.ceil(whole.length / 4),
  eval_duration: 1_000,
});
