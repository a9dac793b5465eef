// The real git repositories behind the stand-in: made, read and written by git itself, with nobody's own git settings.
import { execa } from 'execa';

/** Content by path; null removes the path. A file that begins with `#!` is executable. */
export type Files = Readonly<Record<string, string | null>>;

type CommitFacts = {
  branch: string;
  /** Where the branch starts when it is new. */
  startBranch: string;
  files: Files;
  message: string;
  author: string;
};

const isolated = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  LC_ALL: 'C',
};

/** Environment for a git that sees no settings of the machine or its user. */
export const isolatedGitEnvironment: Readonly<Record<string, string>> = isolated;

async function git(directory: string, args: readonly string[], input = ''): Promise<string> {
  const options = { cwd: directory, env: isolated, extendEnv: false, input };
  const { stdout } = await execa('git', args, options);
  return stdout;
}

/** Makes an empty bare repository that can be pushed to over HTTP. */
export async function initBare(directory: string, defaultBranch: string): Promise<void> {
  const options = { env: isolated, extendEnv: false };
  await execa('git', ['init', '--quiet', '--bare', `--initial-branch=${defaultBranch}`, directory], options);
  await git(directory, ['config', 'http.receivepack', 'true']);
  // GitHub serves any object that a branch reaches, and partial clones.
  await git(directory, ['config', 'uploadpack.allowAnySHA1InWant', 'true']);
  await git(directory, ['config', 'uploadpack.allowFilter', 'true']);
}

/** Commits on top of the branch, which is made if there is none, and returns the commit's id. */
export async function commitTo(directory: string, facts: CommitFacts): Promise<string> {
  const branches = await branchesOf(directory);
  const parent = branches.get(facts.branch) ?? branches.get(facts.startBranch);
  const who = `${facts.author} <${facts.author}@users.noreply.github.com>`;
  const seconds = Math.floor(Date.now() / 1000);
  const lines = [
    `commit refs/heads/${facts.branch}`,
    `committer ${who} ${seconds} +0000`,
    data(facts.message),
    ...(parent === undefined ? [] : [`from ${parent}`]),
    ...Object.entries(facts.files).map(([path, content]) => fileChange(path, content)),
    '',
  ];
  await git(directory, ['fast-import', '--quiet', '--date-format=raw'], lines.join('\n'));
  const commit = await commitOf(directory, facts.branch);
  if (commit === undefined) throw new Error(`git fast-import made no commit on ${facts.branch}.`);
  return commit;
}

// git fast-import counts bytes.
const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}`;

function fileChange(path: string, content: string | null): string {
  if (content === null) return `D ${path}`;
  return `M ${content.startsWith('#!') ? '100755' : '100644'} inline ${path}\n${data(content)}`;
}

/** The commit that a branch points to; undefined when there is no such branch. */
export async function commitOf(directory: string, branch: string): Promise<string | undefined> {
  return (await branchesOf(directory)).get(branch);
}

/** Every branch with its commit. */
export async function branchesOf(directory: string): Promise<Map<string, string>> {
  const listed = await git(directory, ['for-each-ref', '--format=%(objectname) %(refname:lstrip=2)', 'refs/heads/']);
  const rows = listed.split('\n').filter((row) => row !== '');
  return new Map(
    rows.map((row): [string, string] => [row.slice(row.indexOf(' ') + 1), row.slice(0, row.indexOf(' '))]),
  );
}

export async function deleteBranch(directory: string, branch: string): Promise<void> {
  await git(directory, ['update-ref', '-d', `refs/heads/${branch}`]);
}

/** Commits that `head` has and `base` has not. */
export async function countCommits(directory: string, base: string, head: string): Promise<number> {
  return Number(await git(directory, ['rev-list', '--count', `${base}..${head}`]));
}

/** Whether two commits have a common ancestor; GitHub accepts no pull request between others. */
export async function related(directory: string, base: string, head: string): Promise<boolean> {
  const options = { cwd: directory, env: isolated, extendEnv: false, reject: false };
  return (await execa('git', ['merge-base', base, head], options)).exitCode === 0;
}

/** The change of `head` since it left `base`, as a unified diff. */
export function diffBetween(directory: string, base: string, head: string): Promise<string> {
  return git(directory, ['diff', `${base}...${head}`]);
}

/** Files changed, lines added and deleted by `head` since it left `base`. */
export async function changeNumbers(directory: string, base: string, head: string) {
  const rows = (await git(directory, ['diff', '--numstat', `${base}...${head}`]))
    .split('\n')
    .filter((row) => row !== '');
  const sum = (column: number): number =>
    rows.reduce((total, row) => total + (Number(row.split('\t')[column]) || 0), 0);
  return { changedFiles: rows.length, additions: sum(0), deletions: sum(1) };
}

/** Moves `base` to a merge of `head`; returns the merge commit. Only merges whose result is `head`'s tree, which is what a test needs. */
export async function mergeBranch(directory: string, base: string, head: string, author: string): Promise<string> {
  const [baseCommit, headCommit] = [await commitOf(directory, base), await commitOf(directory, head)];
  if (baseCommit === undefined || headCommit === undefined) throw new Error(`${base} or ${head} does not exist.`);
  const who = ['-c', `user.name=${author}`, '-c', `user.email=${author}@users.noreply.github.com`];
  const parents = ['-p', baseCommit, '-p', headCommit];
  const merge = ['commit-tree', `${headCommit}^{tree}`, ...parents, '-m', `Merge ${head} into ${base}`];
  const commit = await git(directory, [...who, ...merge]);
  await git(directory, ['update-ref', `refs/heads/${base}`, commit]);
  return commit;
}
