// What the stand-in for Ollama answers: a list of replies, chosen by what the request says, so that a test reads as a conversation.

export type ChatMessage = { role: string; content: string };

/** How a reply is given. */
export type Answer =
  | { kind: 'text'; text: string }
  /** The text in small pieces with a pause between them, as a slow machine gives it. */
  | { kind: 'slow'; text: string; pauseMs: number }
  /** The text, then `done_reason: length`: Ollama says so when the context is used up. */
  | { kind: 'cut-off'; text: string }
  /** Accepts the request and never answers. */
  | { kind: 'hang' }
  | { kind: 'error'; status: number; message: string }
  /** Sends the text's beginning, then resets the connection. */
  | { kind: 'drop'; text: string }
  /** Status 200 with a body that is not JSON. */
  | { kind: 'garbage' };

export type Reply = {
  /** Text that the last user message contains, or a question about the whole conversation. Without it, the reply fits always. */
  when?: string | ((messages: readonly ChatMessage[]) => boolean);
  /** How often this reply may be used; without it, always. */
  times?: number;
  answer: string | Answer;
};

export type Script = readonly Reply[];

/** Chooses replies in the order of the script and remembers how often each was used. */
export class ScriptReader {
  readonly #script: Script;
  readonly #used = new Map<Reply, number>();

  constructor(script: Script) {
    this.#script = script;
  }

  /** The answer to a conversation; undefined when the script has none. */
  answerTo(messages: readonly ChatMessage[]): Answer | undefined {
    const reply = this.#script.find((candidate) => !this.#isUsedUp(candidate) && fits(candidate, messages));
    if (reply === undefined) return undefined;
    this.#used.set(reply, (this.#used.get(reply) ?? 0) + 1);
    return typeof reply.answer === 'string' ? { kind: 'text', text: reply.answer } : reply.answer;
  }

  #isUsedUp(reply: Reply): boolean {
    return reply.times !== undefined && (this.#used.get(reply) ?? 0) >= reply.times;
  }
}

function fits({ when }: Reply, messages: readonly ChatMessage[]): boolean {
  if (when === undefined) return true;
  if (typeof when === 'function') return when(messages);
  return lastUserText(messages).includes(when);
}

export const lastUserText = (messages: readonly ChatMessage[]): string =>
  messages.findLast((message) => message.role === 'user')?.content ?? '';
