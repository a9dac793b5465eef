// A file system of its own, small enough to be filled: a tmpfs where a folder was.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { lacks } from './lacks.ts';
import { until } from './worker-process.ts';

export type SmallDisk = {
  /** Leaves so many bytes free. */
  fillTo: (freeBytes: number) => Promise<void>;
  /** Leaves nothing free, and takes at once whatever others set free, until it is cleared. */
  fill: () => Promise<void>;
  /** Removes what was written to fill it. */
  clear: () => Promise<void>;
  /** Ends it; for what still uses it, when that has ended. */
  remove: () => Promise<void>;
};

const probe = 'folder=$(mktemp -d) && mount -t tmpfs -o size=1m tmpfs "$folder" && umount "$folder" && rmdir "$folder"';

/** True where this user may not mount one. */
export const lacksMount = (): boolean => lacks('sh', ['-c', probe], 'the right to mount, so run them as root.');

const greedy = `
  const { openSync, writeSync } = require('node:fs');
  const file = openSync(process.argv[1], 'a');
  const page = Buffer.alloc(4096);
  for (;;) try { writeSync(file, page); } catch {}
`;

/** Mounts it on the folder, which must exist and be empty. */
export async function mountSmallDisk(folder: string, sizeBytes: number): Promise<SmallDisk> {
  await execa('mount', ['-t', 'tmpfs', '-o', `size=${sizeBytes}`, 'tmpfs', folder]);
  const filler = join(folder, 'filler');
  const freeBytes = async (): Promise<number> => {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  };
  let eater: ChildProcess | undefined;
  const endEater = async (): Promise<void> => {
    const ended = eater && once(eater, 'exit');
    eater?.kill('SIGKILL');
    eater = undefined;
    await ended;
  };
  return {
    fillTo: async (wantedBytes) => writeFile(filler, Buffer.alloc((await freeBytes()) - wantedBytes)),
    async fill() {
      eater = spawn(process.execPath, ['-e', greedy, filler], { stdio: 'ignore' });
      await until(
        async () => ((await freeBytes()) === 0 ? true : undefined),
        () => `${folder} does not fill.`,
      );
    },
    async clear() {
      await endEater();
      await rm(filler);
    },
    async remove() {
      await endEater();
      await execa('umount', ['-l', folder]);
    },
  };
}
