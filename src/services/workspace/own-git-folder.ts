// Gives a checkout a `.git` of its own, a copy: tools that ask git there get right answers, and whatever is written into it never reaches ours.
import { constants } from 'node:fs';
import { copyFile, cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ignoreMissing, removeTree } from './folders.ts';
import type { Checkout } from './git.ts';

const config = '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n\tlogallrefupdates = true\n';

/**
 * Replaces `<checkout>/.git`. It stands on `branch` at `commit`, clean, with no remote. No git runs in it: settings that an agent or a test
 * put there would be obeyed.
 */
export async function renewGitFolder(
  store: string,
  checkout: Checkout,
  facts: { branch: string; commit: string },
): Promise<void> {
  const folder = path.join(checkout.directory, '.git');
  await removeTree(folder);
  const ref = path.join(folder, 'refs', 'heads', facts.branch);
  await mkdir(path.dirname(ref), { recursive: true });
  await writeFile(path.join(folder, 'HEAD'), `ref: refs/heads/${facts.branch}\n`);
  await writeFile(path.join(folder, 'config'), config);
  await writeFile(ref, `${facts.commit}\n`);
  // Copies, not hard links: a test could write into a shared file. Where the file system can, the copy shares its blocks until then.
  const mode = constants.COPYFILE_FICLONE;
  await cp(path.join(store, 'objects'), path.join(folder, 'objects'), { recursive: true, mode });
  await cp(path.join(store, 'info'), path.join(folder, 'info'), { recursive: true, mode });
  await copyFile(path.join(store, 'shallow'), path.join(folder, 'shallow'), mode).catch(ignoreMissing);
  await copyFile(path.join(checkout.gitDirectory, 'index'), path.join(folder, 'index'), mode);
}
