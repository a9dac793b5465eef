// From what a person names, a file or a task's id, to the journal.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openState } from '../../compose-state.ts';
import { loadConfig } from '../../config.ts';
import { coded } from '../../events/failure.ts';
import { whatWasMeant } from '../tasks/nearest-tasks.ts';
import { demoStates } from '../demo/states.ts';

/** The journal's path. Throws `CW-JOURNAL-NOT-FOUND`. */
export async function findJournal(name: string): Promise<string> {
  const isFile = await stat(name).then(
    (found) => found.isFile(),
    () => false,
  );
  if (isFile) return name;
  const config = await loadConfig({ environment: process.env, workingDirectory: process.cwd() });
  if (/^[a-z0-9-]+$/.test(name)) {
    // The demo's pull requests and comments name the command with the task's id, as every worker's do.
    const played = await readdir(demoStates()).catch(() => []);
    for (const stateDirectory of [config.stateDirectory, ...played.map((run) => join(demoStates(), run))]) {
      const state = openState({ stateDirectory });
      const found = (await state.isActive(name)) ? state.journal(name) : await state.findEnded(name);
      if (found !== undefined) return found;
    }
  }
  const meant = await whatWasMeant(openState(config), name);
  throw coded('CW-JOURNAL-NOT-FOUND', `${name} is neither a file nor a task in ${config.stateDirectory}.${meant}`);
}
