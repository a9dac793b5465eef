// The disk and the time of this machine, for tests of what is kept on them.
import { systemClock } from '../../src/services/clock/clock.ts';
import { nodeDisk } from '../../src/services/disk/node-disk.ts';
import type { Medium } from '../../src/services/journal/journal.ts';

export const realMedium: Medium = { disk: nodeDisk, now: () => systemClock.now() };
