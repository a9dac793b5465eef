// Makes the view a git repository of its own, so that Aider takes its top for the root of all paths, looks no further up, and refuses what
// lies outside. Its git folder lies elsewhere: a model's reply that writes `.git/config` or a hook would otherwise run programs.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** An empty repository by hand: what `git init` writes, without templates and hooks. It has an author, or Aider would set one. */
export async function makeRepository(view: string, gitFolder: string): Promise<void> {
  await rm(gitFolder, { recursive: true, force: true });
  await mkdir(join(gitFolder, 'objects'), { recursive: true });
  await mkdir(join(gitFolder, 'refs', 'heads'), { recursive: true });
  await writeFile(join(gitFolder, 'HEAD'), 'ref: refs/heads/main\n');
  await writeFile(
    join(gitFolder, 'config'),
    '[core]\n\trepositoryformatversion = 0\n\tbare = false\n[user]\n\tname = agent\n\temail = agent@localhost\n',
  );
  await writeFile(join(view, '.git'), `gitdir: ${gitFolder}\n`);
}

/** Makes every git command use that folder, whatever becomes of the `.git` in the view. */
export const repositoryEnvironment = (view: string, gitFolder: string): Record<string, string> => ({
  GIT_DIR: gitFolder,
  GIT_WORK_TREE: view,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
});
