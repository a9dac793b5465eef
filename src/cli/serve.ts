// Runs the configured worker in this process until a signal: what `npm run worker` does, and the commands that watch one at work.
import { composeWorker, findSecrets, openWorkerLog, version } from '../compose.ts';
import { loadConfig, requireQueueUrl } from '../config.ts';
import type { Mask } from '../services/process/mask.ts';
import type { Runtime } from '../worker/runtime.ts';
import { runWorker } from '../worker/worker.ts';
import { stopOnSignals } from './stop-on-signals.ts';

/** Configured by codingworker.yaml and the environment. `adapt` may put something else in the place of a part. */
export async function serve(adapt: (runtime: Runtime, mask: Mask) => Runtime = (runtime) => runtime): Promise<void> {
  const config = await loadConfig({ environment: process.env, workingDirectory: process.cwd(), needs: 'queue' });
  const stop = new AbortController();
  const secrets = await findSecrets(config, process.env, stop.signal);
  const log = await openWorkerLog(config, secrets.mask, process.env);
  stopOnSignals(stop, (signal) => log.info({ signal }, 'stopping; a second signal ends the worker at once'));
  const runtime = adapt(await composeWorker(config, secrets, log), secrets.mask);
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
}
