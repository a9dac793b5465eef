// Where the bench takes place: the stand-ins with the job's repository, and folders that are gone afterwards.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWorld, type World } from '../../../test/support/world.ts';
import { edits, files, issue, repository, writeFiles } from './job.ts';

export type Yard = {
  world: World;
  folder: string;
  /** Holds the edits of each pass for the script. */
  editsFolder: string;
  /** For a worker, with a state directory of its own. */
  workerEnvironment: (name: string) => Record<string, string>;
  /** Opens another issue; returns its number. */
  openIssue: () => number;
  close: () => Promise<void>;
};

export async function openYard(): Promise<Yard> {
  const world = await startWorld();
  const folder = await mkdtemp(join(tmpdir(), 'codingworker-bench-'));
  const editsFolder = join(folder, 'edits');
  for (const [pass, written] of Object.entries(edits)) await writeFiles(join(editsFolder, pass), written);
  const config = join(folder, 'codingworker.yaml');
  await writeFile(config, `workspaceDirectory: ${join(folder, 'workspaces')}\n`);
  await world.github.createRepository({ fullName: repository, files });
  return {
    world,
    folder,
    editsFolder,
    workerEnvironment: (name) => ({
      ...world.environment,
      CODINGWORKER_CONFIG: config,
      CODINGWORKER_STATE_DIR: join(folder, name),
    }),
    openIssue: () => world.github.createIssue(repository, { ...issue, labels: ['ai-task'], author: 'mei' }).number,
    close: async () => {
      await world.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
