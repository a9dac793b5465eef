// The effect gate: no service touches the world before every event so far is on disk. Also where outcomes are timed and masked, and errors become data.
import { fromPromise } from 'xstate';
import { coded, CodedError, failureOf } from '../events/failure.ts';
import type { StepFailure } from '../events/journal-record.ts';
import type { StepInput, TaskActors } from '../machines/task-actors.ts';
import type { Clock } from '../services/clock/clock.ts';
import type { Journal } from '../services/journal/journal.ts';
import type { Mask } from '../services/process/mask.ts';
import { masked } from './masked.ts';
import type { TaskSteps } from './steps/step.ts';

export type Gate = {
  actors: TaskActors;
  /** Resolves when no effect is running any more, whatever became of it. */
  settled: () => Promise<void>;
};

type GateFacts = {
  journal: Pick<Journal, 'flushed'>;
  clock: Clock;
  mask: Mask;
  /** Milliseconds for all steps of the task together. */
  taskMs: number;
  /** Called when the journal cannot be written: the task stops here, before its effect. */
  onJournalFailure: (error: CodedError) => void;
};

/** The machine's services, gated. Reporting and publishing are not cut off by the task's time limit: they are how it ends. */
export function gate(steps: TaskSteps, facts: GateFacts): Gate {
  const running = new Set<Promise<unknown>>();
  const { clock, mask } = facts;

  const gated = <Input, Outcome extends object>(effect: (input: Input, signal: AbortSignal) => Promise<Outcome>) =>
    fromPromise<Outcome & { durationMs: number }, Input>(async ({ input, signal }) => {
      await onDisk(facts);
      // Stopped while it waited for the disk: an effect that began now would run behind the back of who stopped it.
      signal.throwIfAborted();
      const started = clock.elapsed();
      const durationMs = (): number => Math.round(clock.elapsed() - started);
      const work = effect(input, signal);
      running.add(work);
      try {
        return { ...masked(await work, mask), durationMs: durationMs() };
      } catch (error) {
        const failure: StepFailure = { ...masked(failureOf(error), mask), at: clock.now(), durationMs: durationMs() };
        // Plain data, so that live and replayed errors are the same value.
        throw failure; // oxlint-disable-line typescript/only-throw-error
      } finally {
        running.delete(work);
      }
    });

  const limited = <Input extends StepInput, Outcome extends object>(
    effect: (input: Input, signal: AbortSignal) => Promise<Outcome>,
  ) => gated<Input, Outcome>((input, signal) => withinTaskLimit(facts, effect, input, signal));

  return {
    actors: {
      clone: limited(steps.clone),
      generate: limited(steps.generate),
      writeTests: limited(steps.writeTests),
      verify: limited(steps.verify),
      fix: limited(steps.fix),
      publish: gated(steps.publish),
      report: gated(steps.report),
      wait: gated(steps.wait),
    },
    settled: async () => {
      await Promise.allSettled(running);
    },
  };
}

async function onDisk({ journal, onJournalFailure }: GateFacts): Promise<void> {
  try {
    await journal.flushed();
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    onJournalFailure(error);
    await new Promise<never>(() => {});
  }
}

async function withinTaskLimit<Input extends StepInput, Outcome>(
  { taskMs, clock }: Pick<GateFacts, 'taskMs' | 'clock'>,
  effect: (input: Input, signal: AbortSignal) => Promise<Outcome>,
  input: Input,
  signal: AbortSignal,
): Promise<Outcome> {
  const leftMs = taskMs - input.spentMs;
  if (leftMs <= 0) throw tooLong(taskMs);
  // Minutes like 4.1 give a fraction of a millisecond, which no timer takes.
  const limit = clock.timeout(Math.ceil(leftMs));
  const either = firstOf([signal, limit]);
  try {
    return await effect(input, either.signal);
  } catch (error) {
    if (limit.aborted && !signal.aborted) throw tooLong(taskMs, error);
    throw error;
  } finally {
    either.letGo();
  }
}

/**
 * Aborted with the first of `sources`, until it is told to let go of them. What AbortSignal.any makes, and all that is made of that again, is kept
 * for as long as its sources: here for the hour that a task may take, some 10 KiB a task.
 */
function firstOf(sources: readonly AbortSignal[]): { signal: AbortSignal; letGo: () => void } {
  const first = new AbortController();
  const over = new AbortController();
  for (const source of sources) {
    if (source.aborted) first.abort(source.reason);
    source.addEventListener('abort', () => first.abort(source.reason), { once: true, signal: over.signal });
  }
  return { signal: first.signal, letGo: () => over.abort() };
}

const tooLong = (taskMs: number, cause?: unknown): CodedError =>
  coded('CW-TASK-TIMEOUT', `The task took longer than ${Number((taskMs / 60_000).toFixed(2))} minutes.`, { cause });
