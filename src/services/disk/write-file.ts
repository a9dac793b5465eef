// Writes a whole file so that it is there complete or not at all, whatever is killed or loses its power meanwhile.
import { dirname } from 'node:path';
import type { Disk } from './disk.ts';

/** On the medium under its name when it resolves; what was there is replaced. Its folder exists. */
export async function writeWhole(disk: Disk, path: string, bytes: Buffer): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`;
  await disk.remove(draft);
  const file = await disk.create(draft);
  try {
    for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written), written);
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.rename(draft, path);
  await disk.syncFolder(dirname(path));
}
