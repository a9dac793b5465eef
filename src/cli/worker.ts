// `npm run worker`: serves the queue until SIGTERM or SIGINT; a second signal ends it at once, and the journal knows where to go on.
import { Command } from 'commander';
import { composeWorker, findSecrets, openWorkerLog, version } from '../compose.ts';
import { loadConfig, requireQueueUrl } from '../config.ts';
import { runWorker } from '../worker/worker.ts';
import { runCommand } from './run-command.ts';
import { stopOnSignals } from './stop-on-signals.ts';

await runCommand(async () => {
  new Command('worker')
    .description(
      'Serves the task queue. Configured by codingworker.yaml and the environment; see codingworker.example.yaml.',
    )
    .version(version)
    .parse();
  const config = await loadConfig({ environment: process.env, workingDirectory: process.cwd() });
  const stop = new AbortController();
  const secrets = await findSecrets(config, process.env, stop.signal);
  const log = await openWorkerLog(config, secrets.mask, process.env);
  stopOnSignals(stop, (signal) => log.info({ signal }, 'stopping; a second signal ends the worker at once'));
  const runtime = await composeWorker(config, secrets, log);
  log.info(
    {
      worker: config.workerId,
      version,
      slots: config.slots,
      queue: requireQueueUrl(config),
      model: config.agent.model,
      state: config.stateDirectory,
    },
    'worker started',
  );
  await runWorker(runtime, stop.signal);
  log.info('worker stopped');
});
