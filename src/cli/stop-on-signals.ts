// SIGTERM and SIGINT ask for a graceful stop; the second one does not ask.

/** Exit status of a process ended by SIGINT, by the shells' convention 128 + 2. */
const interruptedStatus = 130;

/** Aborts `stop` at the first signal, ends the process at the second. */
export function stopOnSignals(stop: AbortController, onStop: (signal: NodeJS.Signals) => void): void {
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stop.signal.aborted) process.exit(interruptedStatus);
    onStop(signal);
    stop.abort(new Error(`stopped by ${signal}`));
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}
