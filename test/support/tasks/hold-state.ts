// A program that locks a state directory and holds it until it is ended: `node hold-state.ts <folder> <worker id>`.
import { lockState } from '../../../src/worker/state-lock.ts';

const [, , root = '', id = ''] = process.argv;
// What it returns is dropped on purpose, and collected if it can be: the lock must outlive that.
lockState(root, { id, host: 'elsewhere', pid: process.pid, version: '0' });
globalThis.gc?.();
process.stdout.write('locked\n');
setInterval(() => {}, 60_000);
