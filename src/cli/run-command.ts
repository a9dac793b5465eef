// What every command does alike: a failure becomes its code, message and hint on standard error and exit status 1; a defect keeps its stack.
import { CodedError } from '../events/failure.ts';

/** Runs a command's body. Its own exit code is 0 unless it sets `process.exitCode`. */
export async function runCommand(body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    process.exitCode = 1;
    if (!(error instanceof CodedError)) throw error;
    const { code, message, hint } = error.failure;
    process.stderr.write(`${code}: ${message}\n  → ${hint}\n`);
  }
}
