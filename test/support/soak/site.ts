// A worker with a queue and folders of its own, which lives through faults: started, killed, stopped and started again.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { openDeadLetters, openQueue } from '../../../src/compose.ts';
import type { DeadLetters } from '../../../src/services/queue/dead-letters.ts';
import type { Queue } from '../../../src/services/queue/queue.ts';
import { StateDirectory } from '../../../src/worker/state-directory.ts';
import { realMedium } from '../real-medium.ts';
import { startSqs, type SqsStandIn } from '../sqs/sqs.ts';
import { startSqsProxy, type SqsProxy } from '../sqs/sqs-proxy.ts';
import { makeHome, type Home } from '../worker-process.ts';
import type { World } from '../world.ts';
import { installAgent } from './install-agent.ts';
import { startLife, type Life } from './process.ts';

export type Site = {
  name: string;
  sqs: SqsStandIn;
  /** Between the worker and the queue, for trouble there. */
  proxy: SqsProxy;
  /** Past the proxy. */
  queue: Queue;
  deadLetters: DeadLetters;
  home: Home;
  state: StateDirectory;
  workspaces: string;
  temporary: string;
  life: () => Life;
  start: () => Promise<void>;
  /** Sends the signal and waits for the end; false when it does not come in time. */
  end: (signal: 'SIGKILL' | 'SIGTERM') => Promise<boolean>;
  close: () => Promise<void>;
};

export type SiteFacts = {
  name: string;
  slots: number;
  /** Called with the end of what the worker said when it ended although nobody ended it. */
  onDeath: (said: string) => void;
};

/** A worker that is asked to stop ends its agent within 3 s and writes what it must; a busy machine may need far longer. */
const stopMaxMs = 60_000;
/** Short, so that hanging agents and outages do not fill the run. */
const limits = { retryWaitSeconds: 0.3, agentMinutes: 0.25 };
/** Whom the worker serves; messages for others are parked. */
export const owner = 'acme';

export async function openSite({ name, slots, onDeath }: SiteFacts, world: World): Promise<Site> {
  const sqs = await startSqs();
  const proxy = await startSqsProxy(sqs.endpoint);
  const environment = { ...world.environment, ...sqs.environment, AWS_ENDPOINT_URL_SQS: proxy.endpoint };
  const home = await makeHome({ environment });
  const temporary = join(home.folder, 'tmp');
  await mkdir(temporary);
  const command = await installAgent(join(home.folder, 'agent'));
  const config = { slots, limits, agent: { command }, repositories: [`${owner}/*`], workerId: name };
  await writeFile(join(home.folder, 'codingworker.yaml'), stringify(config));
  const address = { queue: { url: sqs.queueUrl, region: sqs.region, endpoint: sqs.endpoint } };
  // The SDK finds its credentials in the environment.
  Object.assign(process.env, sqs.environment);
  let life: Life | undefined;
  const ended = new WeakSet<Life>();
  const watchOver = async (begun: Life): Promise<void> => {
    await begun.exited;
    if (!ended.has(begun)) onDeath(begun.said());
  };

  return {
    name,
    sqs,
    proxy,
    queue: openQueue(address),
    deadLetters: await openDeadLetters(address),
    home,
    state: new StateDirectory(home.state, realMedium),
    workspaces: join(home.folder, 'workspaces'),
    temporary,
    life() {
      if (life === undefined) throw new Error(`The worker ${name} was not started.`);
      return life;
    },
    async start() {
      const begun = await startLife(home.folder, { ...home.environment, TMPDIR: temporary });
      life = begun;
      void watchOver(begun);
    },
    async end(signal) {
      if (life === undefined) return true;
      ended.add(life);
      const { child, exited } = life;
      child.kill(signal);
      const late = Promise.withResolvers<false>();
      const timer = setTimeout(() => late.resolve(false), stopMaxMs);
      const isInTime = await Promise.race([exited.then(() => true), late.promise]);
      clearTimeout(timer);
      if (!isInTime) child.kill('SIGKILL');
      await exited;
      return isInTime;
    },
    async close() {
      if (life) ended.add(life);
      life?.child.kill('SIGKILL');
      await life?.exited;
      await proxy.close();
      await sqs.close();
      await home.remove();
    },
  };
}
