// Puts the soak's agent and the edits of its stories into a folder.
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stories } from './stories.ts';

const script = fileURLToPath(new URL('./agent/aider', import.meta.url));

/** Returns the value for `agent.command`. */
export async function installAgent(folder: string): Promise<string> {
  for (const [story, { edits }] of Object.entries(stories)) {
    for (const [pass, files] of Object.entries(edits)) {
      for (const [path, text] of Object.entries(files)) {
        const file = join(folder, 'edits', story, pass, path);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, text);
      }
    }
  }
  await mkdir(join(folder, 'stumbled'), { recursive: true });
  const command = join(folder, 'aider');
  await symlink(script, command);
  return command;
}
