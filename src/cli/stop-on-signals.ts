// SIGTERM and SIGINT ask for a graceful stop; the second one does not ask. What stops a command that only shows something is here too.
import { samePressMaxMs } from '../events/bounds.ts';

/** Exit status of a process ended by SIGINT, by the shells' convention 128 + 2. */
const interruptedStatus = 130;
/** Aborts `stop` at the first signal, ends the process at the second. */
export function stopOnSignals(stop: AbortController, onStop: (signal: NodeJS.Signals) => void): void {
  let firstAt = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (!stop.signal.aborted) {
      firstAt = performance.now();
      onStop(signal);
      stop.abort(new Error(`stopped by ${signal}`));
    } else if (performance.now() - firstAt > samePressMaxMs) process.exit(interruptedStatus);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

/** For commands that only show: they stop when the reader of their output has gone (`npm run demo | head`), and clean up as at a signal. */
export function stopWithReader(stop: AbortController): void {
  process.stdout.on('error', () => stop.abort(new Error('nobody reads the output any more')));
}

/** Being stopped is no failure of the command's: it ends as every interrupted program does. */
export async function unlessStopped(signal: AbortSignal, body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    if (!signal.aborted) throw error;
    process.exitCode = interruptedStatus;
  }
}
