// Runs one of our commands as a program of its own, in a world's environment, to its end.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Home } from './worker-process.ts';

export type Ran = { status: number; out: string; err: string };

/** `name` is the file below src/cli, without its end. */
export function runProgram(name: string, { folder, environment }: Home, ...args: string[]): Promise<Ran> {
  const program = fileURLToPath(new URL(`../../src/cli/${name}.ts`, import.meta.url));
  return new Promise((resolve) => {
    const options = { cwd: folder, env: { ...environment, NO_COLOR: '1' } };
    execFile(process.execPath, [program, ...args], options, (error, out, err) => {
      resolve({ status: error === null ? 0 : Number(error.code), out, err });
    });
  });
}
