// Reads from Aider's output what its exit status hides: it is 0 after a message whatever happened (Aider 0.86, main.py).
import type { FailureCode } from '../../events/failure-codes.ts';

type AgentFailureCode = Extract<
  FailureCode,
  'CW-AGENT-EDIT-FORMAT' | 'CW-AGENT-TOKEN-LIMIT' | 'CW-AGENT-UNSAFE-CHANGE' | 'CW-AGENT-FAILED' | 'CW-MODEL-FAILED'
>;

export type Verdict = { code: AgentFailureCode; message: string } | undefined;

type Sign = { line: RegExp; code: AgentFailureCode; final?: true };

/** Aider prints this after each complete answer, and not after one that failed or was cut off. */
const answered = /^Tokens: .* sent, .* received/;

/**
 * What Aider 0.86 prints (base_coder.py), each alone on its line but for LiteLLM's errors, which follow the piece of an answer that had come.
 * "Applied edit" is no sign of success: Aider also applies the piece that it has when the connection breaks for the last time.
 */
const signs: readonly Sign[] = [
  // Ollama cuts a request that is too long from the front without a word, and answers all the same.
  { line: /^Your estimated chat context of .* exceeds the .* token limit/, code: 'CW-AGENT-TOKEN-LIMIT', final: true },
  { line: /^Model .* has hit a token limit!/, code: 'CW-AGENT-TOKEN-LIMIT' },
  { line: /^The LLM did not conform to the edit format\./, code: 'CW-AGENT-EDIT-FORMAT' },
  { line: /^Only \d+ reflections allowed, stopping\./, code: 'CW-AGENT-EDIT-FORMAT' },
  // It adds every file to the view's repository before it writes, and git refuses those outside.
  { line: /^Cmd\('git'\) failed due to: exit code/, code: 'CW-AGENT-UNSAFE-CHANGE' },
  { line: /litellm\.(?:\w+Error|Timeout): /, code: 'CW-MODEL-FAILED' },
  { line: /^Exception while updating files:/, code: 'CW-AGENT-FAILED' },
  { line: /^An uncaught exception occurred:/, code: 'CW-AGENT-FAILED' },
  { line: /^Traceback \(most recent call last\):/, code: 'CW-AGENT-FAILED' },
];

/**
 * The failure that Aider's output tells of; undefined when there is none. What was said last counts, because Aider tries again: a complete
 * answer makes an earlier error harmless. `exitCode` is null when a signal ended it.
 */
export function verdictOn(output: string, exitCode: number | null): Verdict {
  let verdict: Verdict = { code: 'CW-AGENT-FAILED', message: 'Aider ended without an answer of the model.' };
  for (const line of output.split('\n')) {
    if (answered.test(line)) verdict = undefined;
    const sign = signs.find((candidate) => candidate.line.test(line));
    if (sign === undefined) continue;
    verdict = { code: sign.code, message: `Aider said: ${line.slice(line.search(sign.line)).trim()}` };
    if (sign.final) break;
  }
  if (verdict !== undefined || exitCode === 0) return verdict;
  const how = exitCode === null ? 'was ended by a signal' : `ended with status ${exitCode}`;
  return { code: 'CW-AGENT-FAILED', message: `Aider ${how}.` };
}
