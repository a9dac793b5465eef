// How `npm run worker` starts the worker, read from package.json, so that what is measured is what is used.
import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

export type WorkerStart = { env: Record<string, string>; nodeFlags: string[] };

const root = fileURLToPath(new URL('../../../', import.meta.url));
const manifest = z.object({ scripts: z.object({ worker: z.string() }) });

/** Environment and flags of Node; the compile cache, a relative path, comes to lie below `folder`. Throws when the script has another form. */
export async function workerStart(folder: string): Promise<WorkerStart> {
  const { scripts } = manifest.parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
  const parts = /^((?:\w+=\S+ )*)(?:exec )?node ((?:--\S+ )*)src\/cli\/worker\.ts$/.exec(scripts.worker);
  if (parts === null) throw new Error(`The script "worker" is not understood: ${scripts.worker}`);
  const [, assignments = '', flags = ''] = parts;
  const env = Object.fromEntries(words(assignments).map((text) => assignment(text, folder)));
  return { env, nodeFlags: words(flags) };
}

const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');

function assignment(text: string, folder: string): [string, string] {
  const equals = text.indexOf('=');
  const value = text.slice(equals + 1);
  return [text.slice(0, equals), value.includes('/') && !isAbsolute(value) ? join(folder, 'own', value) : value];
}
