// A small git repository with a records folder beside it, as the worker gives them to an agent.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

export type WorkCopy = {
  /** Folder of both, for what must not appear beside them. */
  top: string;
  directory: string;
  recordsDirectory: string;
  /** `git status --porcelain` with every untracked file, one path a line. */
  status(): Promise<string[]>;
  git(...args: string[]): Promise<string>;
  remove(): Promise<void>;
};

/** Makes the repository with one commit of `files`. */
export async function workCopy(files: Readonly<Record<string, string>>): Promise<WorkCopy> {
  const top = await realpath(await mkdtemp(join(tmpdir(), 'codingworker-agent-test-')));
  const directory = join(top, 'copy');
  const recordsDirectory = join(top, 'records');
  await mkdir(directory);
  await mkdir(recordsDirectory);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), content);
  }
  const git = async (...args: string[]): Promise<string> => {
    const author = ['-c', 'user.name=test', '-c', 'user.email=test@localhost'];
    const { stdout } = await execute('git', [...author, ...args], { cwd: directory });
    return stdout;
  };
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '--all', '--force');
  await git('commit', '--quiet', '--message=start');
  return {
    top,
    directory,
    recordsDirectory,
    git,
    async status() {
      const text = await git('status', '--porcelain', '--untracked-files=all', '--ignored');
      return text.split('\n').filter((line) => line !== '');
    },
    remove: () => rm(top, { recursive: true, force: true }),
  };
}
