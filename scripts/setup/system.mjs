// What the set-up cannot install without asking: named in one line, with the command that installs it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** An expected failure of the set-up; its message is all that a person needs. */
export class SetupFailure extends Error {}

/** Top of the checkout, and the folder for what is installed into it. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const tools = join(root, '.tools');

const managers = [
  { at: '/usr/bin/apt-get', install: 'sudo apt-get install' },
  { at: '/usr/bin/dnf', install: 'sudo dnf install' },
  { at: '/usr/bin/pacman', install: 'sudo pacman -S' },
  { at: '/sbin/apk', install: 'sudo apk add' },
];

/** `packages` by package manager: `{ apt, brew, other }`. */
export function howToInstall(packages) {
  if (process.platform === 'darwin') return `brew install ${packages.brew}`;
  const manager = managers.find(({ at }) => existsSync(at));
  if (manager === undefined) return `install ${packages.other} with your package manager`;
  return `${manager.install} ${manager.at.endsWith('apt-get') ? packages.apt : packages.other}`;
}

/** One line for each program that is needed from the system and is not there. */
export function missingPrograms() {
  const lines = [];
  if (Number(process.versions.node.split('.')[0]) < 20) {
    lines.push(`Node ${process.versions.node} is too old; Node 20 or newer is needed: https://nodejs.org`);
  }
  if (spawnSync('git', ['--version'], { stdio: 'ignore' }).status !== 0) {
    const git = { apt: 'git', brew: 'git', other: 'git' };
    lines.push(`git is missing; this installs it: ${howToInstall(git)}`);
  }
  return lines;
}

/** Lines that are shown of a failed program's output, from its beginning and from its end: npm names the cause first, pip last. */
const linesShown = 8;

/** Runs a program to its end and returns its output; throws a `SetupFailure` with some of its output when it fails. */
export function mustRun(what, program, args, options = {}) {
  const result = spawnSync(program, args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, ...options });
  if (result.status === 0) return result.stdout;
  const output = [result.stdout, result.stderr, result.error?.message].filter(Boolean).join('\n').trim();
  const lines = output.split('\n');
  const shown =
    lines.length <= 2 * linesShown ? lines : [...lines.slice(0, linesShown), '…', ...lines.slice(-linesShown)];
  throw new SetupFailure(`${what} failed (${[program, ...args].join(' ')}):\n${shown.join('\n')}`);
}

/** Whether a program runs and ends with status 0. */
export const runs = (program, args) => spawnSync(program, args, { stdio: 'ignore' }).status === 0;
