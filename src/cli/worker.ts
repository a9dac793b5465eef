// `npm run worker`: serves the queue until SIGTERM or SIGINT; a second signal ends it at once, and the journal knows where to go on.
import { Command } from 'commander';
import { version } from '../compose.ts';
import { runCommand } from './run-command.ts';
import { serve } from './serve.ts';

await runCommand(async () => {
  new Command('npm run worker --')
    .description(
      'Serves the task queue. Configured by codingworker.yaml and the environment; see codingworker.example.yaml.',
    )
    .version(version)
    .parse();
  await serve();
});
