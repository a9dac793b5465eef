// Runs one task: the journal's fold becomes an actor, its events go to the journal before they take effect, its services wait for the disk.
import { createActor, type ActorRefFrom } from 'xstate';
import type { Failure } from '../events/failure.ts';
import { entryOf } from '../machines/event-codec.ts';
import { fold, persisted, stateAfter, stateName, type TaskSnapshot } from '../machines/fold.ts';
import { taskMachine } from '../machines/task-machine.ts';
import type { Journal } from '../services/journal/journal.ts';
import { Cancellation } from './cancellation.ts';
import { gate } from './gate.ts';
import type { Runtime } from './runtime.ts';
import { blamingFullDisk } from './steps/blame-full-disk.ts';
import { taskSteps } from './steps/steps.ts';

/** What a run needs of its task's journal. */
export type RunJournal = Pick<Journal, 'records' | 'append' | 'flushed'>;

/** How a run of the machine ended: in a final state, or stopped from outside before that. */
export type RunEnd =
  | { ended: true; snapshot: TaskSnapshot }
  /** `signal` was aborted; the journal tells the next run where to go on. */
  | { ended: false; reason: unknown };

/**
 * Starts the task where its journal says it is and drives it until it ends, is cancelled or `signal` is aborted. On return no effect is running and every
 * event is on disk. Throws `CW-JOURNAL-*` when the journal cannot be folded or written; no effect follows an event that is not on disk.
 */
export async function runTask(
  runtime: Runtime,
  journal: RunJournal,
  signal: AbortSignal,
  cancellation = new Cancellation(),
  steps = taskSteps(runtime),
): Promise<RunEnd> {
  const folded = fold(journal.records).snapshot;
  if (folded.status === 'done') return { ended: true, snapshot: folded };

  const { clock, settings, observer } = runtime;
  const { promise: journalFailed, reject: onJournalFailure } = Promise.withResolvers<never>();
  const services = gate(blamingFullDisk(steps, runtime), {
    journal,
    clock,
    mask: runtime.mask,
    taskMs: settings.taskMs,
    onJournalFailure,
  });
  const actor = createActor(taskMachine.provide({ actors: services.actors }), {
    id: folded.context.task.id,
    // Not used when there is a snapshot, but XState's types ask for it.
    input: { task: folded.context.task, limits: folded.context.limits },
    snapshot: persisted(folded),
    inspect: (event) => {
      // What reaches a machine that has ended moves nothing, and is no part of the run.
      if (event.type === '@xstate.event' && event.actorRef === actor && actor.getSnapshot().status === 'active') {
        const entry = entryOf(event.event);
        if (entry) journal.append(entry, stateAfter(actor.getSnapshot(), event.event));
      }
      observer.inspect?.(event);
    },
  });
  const ended = end(actor, runtime);
  actor.start();
  cancellation.onAsked((request) => {
    if (actor.getSnapshot().status === 'active') actor.send({ type: 'CANCEL', ...request });
  });
  const stop = stopped(signal);
  try {
    return await Promise.race([ended, stop.promise, journalFailed]);
  } finally {
    stop.forget();
    actor.stop();
    await services.settled();
    await journal.flushed();
  }
}

/** Resolves when the machine reaches a final state; rejects when the machine itself breaks, which is a defect. */
function end(actor: ActorRefFrom<typeof taskMachine>, { observer, log }: Runtime): Promise<RunEnd> {
  const { promise, resolve, reject } = Promise.withResolvers<RunEnd>();
  let state = '';
  actor.subscribe({
    next: (snapshot) => {
      if (stateName(snapshot) === state) return;
      state = stateName(snapshot);
      log.info({ state, ...why(snapshot) }, state);
      observer.onTransition?.(snapshot.context.task.id, snapshot);
    },
    complete: () => resolve({ ended: true, snapshot: actor.getSnapshot() }),
    error: reject,
  });
  return promise;
}

/** What a reader of the log wants to know of a state that something went wrong before. */
function why(snapshot: TaskSnapshot): { failure?: Failure } {
  if (snapshot.matches('backing-off') || snapshot.matches('released')) {
    return snapshot.context.setback ? { failure: snapshot.context.setback.failure } : {};
  }
  if (snapshot.matches('reporting')) return snapshot.context.failure ? { failure: snapshot.context.failure } : {};
  return {};
}

/** What listens to a signal is kept by it: without `forget` the worker would keep every task that it ever ran. */
function stopped(signal: AbortSignal): { promise: Promise<RunEnd>; forget: () => void } {
  const { promise, resolve } = Promise.withResolvers<RunEnd>();
  const stop = (): void => resolve({ ended: false, reason: signal.reason });
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  return { promise, forget: () => signal.removeEventListener('abort', stop) };
}
