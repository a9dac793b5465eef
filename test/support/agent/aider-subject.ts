// Real Aider, as scripts/setup.mjs installs it, in front of the stand-in for Ollama.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Agent } from '../../../src/services/agent/agent.ts';
import { aiderAgent } from '../../../src/services/agent/aider.ts';
import { startOllama, type OllamaStandIn } from '../ollama/ollama.ts';
import type { Script } from '../ollama/script.ts';

export const aiderCommand = fileURLToPath(new URL('../../../.tools/aider/bin/aider', import.meta.url));
export const model = 'qwen2.5-coder:1.5b';
export const contextTokens = 8192;

export type AiderSubject = {
  agent: Agent;
  ollama: OllamaStandIn;
  /** For more agents: each takes a folder of its own below it. Removed when the stand-in is closed. */
  scratch: string;
};

export async function startAiderSubject(script: Script): Promise<AiderSubject> {
  const ollama = await startOllama({ models: [model], script });
  const scratch = await mkdtemp(join(tmpdir(), 'codingworker-agent-test-'));
  const agent = aiderAgent({
    command: aiderCommand,
    model,
    ollamaHost: ollama.url,
    contextTokens,
    scratch: join(scratch, 'subject'),
    mask: (text) => text.replaceAll('mask-me-please', '[secret]'),
  });
  const close = async (): Promise<void> => {
    await ollama.close();
    await rm(scratch, { recursive: true, force: true });
  };
  return { agent, ollama: { ...ollama, close }, scratch };
}
