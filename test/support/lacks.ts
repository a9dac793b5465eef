// Programs that only some tests need. At home a suite without its program is left out and says so in one line; in CI that is a failure.
import { spawnSync } from 'node:child_process';

/** True when the program is missing: for `describe.skipIf`. In CI it throws instead. `get` says how to install it. */
export function lacks(program: string, args: readonly string[], get: string): boolean {
  if (spawnSync(program, args, { stdio: 'ignore' }).status === 0) return false;
  const line = `These tests need ${program}: ${get}`;
  if (process.env['CI'] !== undefined) throw new Error(line);
  process.stderr.write(`${line}\n`);
  return true;
}

export const lacksGh = (): boolean =>
  lacks('gh', ['--version'], 'install it with `sudo apt-get install gh` or `brew install gh`.');
