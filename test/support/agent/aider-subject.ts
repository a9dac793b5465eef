// Real Aider, as scripts/setup.mjs installs it, in front of the stand-in for Ollama.
import { fileURLToPath } from 'node:url';
import type { Agent } from '../../../src/services/agent/agent.ts';
import { aiderAgent } from '../../../src/services/agent/aider.ts';
import { startOllama, type OllamaStandIn } from '../ollama/ollama.ts';
import type { Script } from '../ollama/script.ts';

export const aiderCommand = fileURLToPath(new URL('../../../.tools/aider/bin/aider', import.meta.url));
export const model = 'qwen2.5-coder:1.5b';
export const contextTokens = 8192;

export type AiderSubject = { agent: Agent; ollama: OllamaStandIn };

export async function startAiderSubject(script: Script): Promise<AiderSubject> {
  const ollama = await startOllama({ models: [model], script });
  const agent = aiderAgent({
    command: aiderCommand,
    model,
    ollamaHost: ollama.url,
    contextTokens,
    mask: (text) => text.replaceAll('mask-me-please', '[secret]'),
  });
  return { agent, ollama };
}
