// How the disk of a simulated process behaves: each change takes its time, and fails as real disks do.
import { systemError, type DiskCall, type DiskManner } from './disk-port.ts';
import type { SimulatedProcess } from './process.ts';

export type DiskFaults = {
  /** Probability that a call fails, or writes less than asked. */
  error: number;
  shortWrite: number;
  /** Whether there is no room now. */
  isFull: () => boolean;
};

/** Milliseconds that a call may take. */
const slowestMs = 3;

const growing: ReadonlySet<DiskCall['name']> = new Set<DiskCall['name']>(['write', 'create', 'makeFolder']);
const reading: ReadonlySet<DiskCall['name']> = new Set<DiskCall['name']>(['read', 'exists', 'list']);

/** Reading takes no time and does not fail: events are spared, and what reading finds is damaged by other means. */
export function faultyDisk(process: SimulatedProcess, faults: DiskFaults): DiskManner {
  const { random } = process.host;
  return {
    async perform(call, effect, spoil) {
      if (reading.has(call.name)) return effect();
      return process.local(random.between(call.name === 'sync' ? 0.2 : 0.05, slowestMs), () => {
        if (growing.has(call.name) && faults.isFull()) throw systemError('ENOSPC', call.path);
        if (!random.chance(faults.error)) return effect();
        if (spoil === undefined) throw systemError(random.chance(0.5) ? 'EIO' : 'ENOSPC', call.path);
        spoil();
        throw systemError('EIO', call.path);
      });
    },
    isFull: () => faults.isFull(),
    portion: (bytes) => (bytes > 1 && random.chance(faults.shortWrite) ? random.whole(1, bytes - 1) : bytes),
  };
}
