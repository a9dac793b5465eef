// What every command does alike: a failure becomes its code, message and hint on standard error and exit status 1; a defect keeps its stack.
import { CodedError } from '../events/failure.ts';

/** Runs a command's body, then ends the process: with `process.exitCode` if the body set it, with 1 after a failure, else with 0. */
export async function runCommand(body: () => Promise<void>): Promise<void> {
  try {
    await body();
    await written(process.stdout);
    // Idle keep-alive connections would hold the process for seconds more.
    process.exit();
  } catch (error) {
    process.exitCode = 1;
    if (!(error instanceof CodedError)) throw error;
    const { code, message, hint } = error.failure;
    process.stderr.write(`${code}: ${message}\n  → ${hint}\n`);
    await Promise.all([written(process.stdout), written(process.stderr)]);
    process.exit();
  }
}

/** A pipe takes as much as its reader reads, and `process.exit` drops the rest. A reader that is gone wants nothing more. */
async function written(stream: NodeJS.WriteStream): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  stream.once('error', () => resolve());
  stream.write('', () => resolve());
  await promise;
}
