// An agent that edits at once by a function of ours: for the bench, and for tests of what stands around an agent.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Agent, AgentRequest } from '../../src/services/agent/agent.ts';

/** `edit` changes the working copy as it likes; what it throws, the run throws. */
export function stubAgent(edit: (request: AgentRequest) => Promise<void> | void, model = 'none'): Agent {
  const identity = { name: 'Stub', version: '1', model };
  return {
    async identify(signal) {
      signal.throwIfAborted();
      return identity;
    },
    async run(request, signal) {
      signal.throwIfAborted();
      await edit(request);
      signal.throwIfAborted();
      const transcript = join(request.recordsDirectory, 'stub-transcript.log');
      await writeFile(transcript, 'edited by a function\n');
      return { agent: identity, transcript };
    },
  };
}
