// The ordinary worker, but with an agent that edits at once: what the bench measures is everything around the agent.
import { basename } from 'node:path';
import { stubAgent } from '../../../test/support/stub-agent.ts';
import { runCommand } from '../run-command.ts';
import { serve } from '../serve.ts';
import { edits, writeFiles } from './job.ts';

const agent = stubAgent(({ directory, recordsDirectory }) =>
  // The pass's folder of records is named after it (src/worker/agent-pass.ts).
  writeFiles(directory, basename(recordsDirectory) === 'tests' ? edits.tests : edits.implement),
);

await runCommand(() => serve((runtime) => ({ ...runtime, agent })));
