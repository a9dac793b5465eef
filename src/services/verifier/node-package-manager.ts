// Which package manager a Node project uses, and how it installs without touching what it finds.
import { has, textOf } from './checkout-files.ts';
import { dependenciesOf, hasDependencies, type Manifest } from './node-manifest.ts';
import type { Checkouts, Tool, VerifyCommand } from './verify-command.ts';

type Name = 'npm' | 'pnpm' | 'yarn' | 'berry' | 'bun';

export type PackageManager = {
  name: Name;
  program: string;
  tool: Tool;
  /** The base's lock file for this manager. */
  lockFile: string | undefined;
};

type Facts = {
  program: string;
  lockFiles: string[];
  get: string;
  /** Arguments that install exactly what the lock file says and fail if it does not fit package.json. */
  frozen: string[];
  /** Arguments that keep to the lock file and resolve what it lacks. */
  loose: string[];
  /** Arguments that install without a lock file, and write none where that is possible. */
  unlocked: string[];
};

const quiet = ['--no-audit', '--no-fund'];

const managers: Readonly<Record<Name, Facts>> = {
  npm: {
    program: 'npm',
    lockFiles: ['package-lock.json', 'npm-shrinkwrap.json'],
    get: 'It comes with Node.js (https://nodejs.org).',
    frozen: ['ci', ...quiet],
    loose: ['install', ...quiet],
    unlocked: ['install', '--no-package-lock', ...quiet],
  },
  pnpm: {
    program: 'pnpm',
    lockFiles: ['pnpm-lock.yaml'],
    get: 'Install it with `npm install --global pnpm`.',
    frozen: ['install', '--frozen-lockfile'],
    loose: ['install', '--no-frozen-lockfile'],
    unlocked: ['install', '--no-lockfile'],
  },
  yarn: {
    program: 'yarn',
    lockFiles: ['yarn.lock'],
    get: 'Install it with `npm install --global yarn`.',
    frozen: ['install', '--frozen-lockfile'],
    loose: ['install'],
    unlocked: ['install', '--no-lockfile'],
  },
  berry: {
    program: 'yarn',
    lockFiles: ['yarn.lock'],
    get: 'Install it with `npm install --global corepack` and `corepack enable`.',
    frozen: ['install', '--immutable'],
    loose: ['install', '--no-immutable'],
    unlocked: ['install', '--no-immutable'],
  },
  bun: {
    program: 'bun',
    lockFiles: ['bun.lock', 'bun.lockb'],
    get: 'Install it with `npm install --global bun`.',
    frozen: ['install', '--frozen-lockfile'],
    loose: ['install'],
    unlocked: ['install', '--no-save'],
  },
};

/** package-lock.json comes last: it is the one that a stray `npm install` leaves in a project of another manager. */
const precedence = ['pnpm', 'yarn', 'bun', 'npm'] as const;

/** By the base's `packageManager` field, else by its lock file, else npm. */
export async function packageManagerOf(base: string, manifest: Manifest): Promise<PackageManager> {
  const named = /^(npm|pnpm|yarn|bun)@(\d+)/.exec(manifest.packageManager ?? '');
  const family = precedence.find((name) => name === named?.[1]) ?? (await familyByLock(base)) ?? 'npm';
  const isBerry = family === 'yarn' && (Number(named?.[2] ?? 1) > 1 || (await looksLikeBerry(base)));
  const name = isBerry ? 'berry' : family;
  const { program, get } = managers[name];
  return { name, program, tool: { name: program, get }, lockFile: await lockFileOf(base, name) };
}

/**
 * With a lock file, exactly what it says (`npm ci`); but when the change altered the dependencies and left the lock file as it
 * was, what both say together (`npm install`), since no edit of package.json alone could pass otherwise. Without a lock file,
 * an installation only if there is something to install.
 */
export async function installCommand(
  manager: PackageManager,
  { base, head }: Checkouts,
  manifests: { base: Manifest; head: Manifest | undefined },
): Promise<VerifyCommand | undefined> {
  const { program, frozen, loose, unlocked } = managers[manager.name];
  const command = (args: string[]): VerifyCommand => ({
    kind: 'install',
    program,
    args,
    display: [program, ...args.filter((arg) => !quiet.includes(arg))].join(' '),
    tool: manager.tool,
  });
  if (manager.lockFile === undefined) return hasDependencies(manifests.head) ? command(unlocked) : undefined;
  const isSameLock = (await textOf(base, manager.lockFile)) === (await textOf(head, manager.lockFile));
  const isStale = isSameLock && dependenciesOf(manifests.base) !== dependenciesOf(manifests.head);
  return command(isStale ? loose : frozen);
}

async function familyByLock(base: string): Promise<(typeof precedence)[number] | undefined> {
  for (const name of precedence) if ((await lockFileOf(base, name)) !== undefined) return name;
  return undefined;
}

async function lockFileOf(base: string, name: Name): Promise<string | undefined> {
  for (const file of managers[name].lockFiles) if (await has(base, file)) return file;
  return undefined;
}

/** Yarn 2 and later write `__metadata` into their lock file and read .yarnrc.yml; Yarn 1 knows neither. */
const looksLikeBerry = async (base: string): Promise<boolean> =>
  (await has(base, '.yarnrc.yml')) || ((await textOf(base, 'yarn.lock')) ?? '').includes('\n__metadata:');
