import { describe, expect, it } from 'vitest';
import { verdictOn } from '../../src/services/agent/aider-verdict.ts';

const answered = 'Tokens: 1.2k sent, 33 received.\n';
const applied = 'Applied edit to src/a.js\n';
const refused = 'litellm.APIConnectionError: Ollama_chatException - {"error":"boom"}\n';
const retry = 'Retrying in 0.2 seconds...\n';
const malformed = 'The LLM did not conform to the edit format.\n';
const spent = 'Only 3 reflections allowed, stopping.\n';
const tooLong = 'Your estimated chat context of 9,000 tokens exceeds the 4,096 token limit for ollama_chat/x!\n';

describe('the verdict on Aider’s output', () => {
  it.each([
    ['an answer', answered + applied],
    ['an answer without edits', answered],
    ['an error, then an answer', refused + retry + answered + applied],
    ['a broken format, then a good one', answered + malformed + answered + applied],
  ])('finds no failure in %s', (_what, output) => {
    expect(verdictOn(output, 0)).toBeUndefined();
  });

  it.each([
    ['errors to the end', refused + retry + refused, 'CW-MODEL-FAILED'],
    ['a piece of an answer that was applied', `half${refused}\n${applied}`, 'CW-MODEL-FAILED'],
    ['a call that timed out', 'litellm.Timeout: Timeout Error: after 60 s\n', 'CW-MODEL-FAILED'],
    ['a broken format to the end', answered + malformed + answered + malformed + spent, 'CW-AGENT-EDIT-FORMAT'],
    ['a request too long, although answered', tooLong + answered + applied, 'CW-AGENT-TOKEN-LIMIT'],
    ['an answer cut off', 'Model ollama_chat/x has hit a token limit!\n', 'CW-AGENT-TOKEN-LIMIT'],
    ['a crash', `${answered}Traceback (most recent call last):\n`, 'CW-AGENT-FAILED'],
    ['a path outside', `${answered}Cmd('git') failed due to: exit code(128)\n`, 'CW-AGENT-UNSAFE-CHANGE'],
    ['no answer at all', 'Aider v0.86.2\n', 'CW-AGENT-FAILED'],
  ])('finds the failure in %s', (_what, output, code) => {
    expect(verdictOn(output, 0)?.code).toBe(code);
  });

  it.each([1, 137, null])('does not overlook exit status %s', (status) => {
    expect(verdictOn(answered + applied, status)?.code).toBe('CW-AGENT-FAILED');
  });

  it('does not carry the piece of an answer that stands before an error', () => {
    expect(verdictOn(`half${refused}`, 0)?.message).toBe(`Aider said: ${refused.trim()}`);
  });
});
