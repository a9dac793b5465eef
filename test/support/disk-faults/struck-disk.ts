// A disk that counts its calls and lets one of them, chosen by its number, go wrong.
import { systemError, type DiskCall, type DiskManner } from '../simulation/disk-port.ts';

export const faults = [
  /** There is no room for this call. */
  'ENOSPC',
  /** There is none from this call on. */
  'full from there on',
  'EIO',
  /** Half of the bytes are written; the rest may be asked for again. */
  'short write',
  /** Half of the bytes are written, and then there is no room. */
  'short write, then ENOSPC',
  /** The process ends before the call has any effect; the page cache stays. */
  'killed before',
  'killed after',
  /** As killed, and what was not synced is lost, in whole or in part. */
  'power lost before',
  'power lost after',
] as const;
export type DiskFault = (typeof faults)[number];

const growing: ReadonlySet<DiskCall['name']> = new Set<DiskCall['name']>(['write', 'create', 'makeFolder', 'rename']);

const fits = (fault: DiskFault, { name }: DiskCall): boolean => {
  if (fault === 'ENOSPC' || fault === 'full from there on') return growing.has(name);
  return fault.startsWith('short write') ? name === 'write' : true;
};

export class StruckDisk implements DiskManner {
  /** Every call so far. */
  readonly calls: DiskCall[] = [];
  /** Whether the fault has struck; a call that it does not fit is spared. */
  hasStruck = false;
  isAlive = true;
  /** Resolves when the process is gone. */
  readonly died: Promise<void>;
  readonly #at: number;
  readonly #fault: DiskFault;
  readonly #onPowerLoss: () => void;
  #die = (): void => {};
  #isFull = false;
  #isShort = false;

  /** `at` counts from 1; 0 lets all calls be. */
  constructor(at: number, fault: DiskFault, onPowerLoss: () => void) {
    this.#at = at;
    this.#fault = fault;
    this.#onPowerLoss = onPowerLoss;
    this.died = new Promise((resolve) => (this.#die = resolve));
  }

  async perform<T>(call: DiskCall, effect: () => T, spoil = (): void => {}): Promise<T> {
    // Others go on meanwhile, as with a real disk.
    await new Promise((resolve) => setImmediate(resolve));
    if (!this.isAlive) return endless();
    this.calls.push(call);
    const isFull = this.#isFull && growing.has(call.name);
    if (this.calls.length === this.#at && fits(this.#fault, call)) return this.#strike(call, effect, spoil);
    if (isFull) throw systemError('ENOSPC', call.path);
    return effect();
  }

  portion(bytes: number): number {
    return this.#isShort ? Math.ceil(bytes / 2) : bytes;
  }

  #strike<T>(call: DiskCall, effect: () => T, spoil: () => void): T | Promise<T> {
    this.hasStruck = true;
    const fault = this.#fault;
    switch (fault) {
      case 'EIO':
        spoil();
        throw systemError('EIO', call.path);
      case 'ENOSPC':
        throw systemError('ENOSPC', call.path);
      case 'full from there on':
        this.#isFull = true;
        throw systemError('ENOSPC', call.path);
      case 'short write':
      case 'short write, then ENOSPC':
        this.#isFull = fault !== 'short write';
        return this.#half(effect);
      case 'killed before':
      case 'killed after':
      case 'power lost before':
      case 'power lost after':
        if (fault.endsWith('after')) effect();
        this.isAlive = false;
        this.#die();
        if (fault.startsWith('power')) this.#onPowerLoss();
        return endless();
    }
  }

  #half<T>(effect: () => T): T {
    this.#isShort = true;
    try {
      return effect();
    } finally {
      this.#isShort = false;
    }
  }
}

/** What a process that is gone waits for. */
export const endless = <T>(): Promise<T> => new Promise<T>(() => {});
