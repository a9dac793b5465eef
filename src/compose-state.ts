// The state directory on this machine's disk, wired apart from the rest: reading a journal needs no queue, git or agent.
import type { Config } from './config.ts';
import { systemClock } from './services/clock/clock.ts';
import { nodeDisk } from './services/disk/node-disk.ts';
import { StateDirectory } from './worker/state-directory.ts';

export const openState = (config: Pick<Config, 'stateDirectory'>): StateDirectory =>
  new StateDirectory(config.stateDirectory, { disk: nodeDisk, now: () => systemClock.now() });
