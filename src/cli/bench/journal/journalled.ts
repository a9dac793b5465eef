// The journalled side: tasks of ten idle steps by the worker's own code, from the fold of their journal to their end in it.
import { Cancellation } from '../../../worker/cancellation.ts';
import { runTask, type RunJournal } from '../../../worker/run-task.ts';
import type { Runtime } from '../../../worker/runtime.ts';
import { idleSteps, stepsOfTask } from './ten-steps.ts';
import { allOf, type Turn } from './turn.ts';

export type JournalledTurn = Turn & {
  /**
   * Milliseconds of each call of `append`: what the journal does before it lets go of the event loop. It is the time of this thread on the
   * processor, so that other programs, which interrupt it as anything else, are not counted as the journal's.
   */
  appendMs: number[];
};

const never = new AbortController().signal;

/** One turn of as many tasks as there are journals, each of an accepted task. */
export async function journalledTurn(
  runtime: Runtime,
  journals: readonly RunJournal[],
  atOnce: number,
): Promise<JournalledTurn> {
  const turn: JournalledTurn = { stepMs: [], taskMs: [], wallMs: 0, appendMs: [] };
  turn.wallMs = await allOf(journals.length, atOnce, async (index) => {
    const journal = journals[index];
    if (!journal) throw new Error('Every task has a journal.');
    const began = performance.now();
    const begun: number[] = [];
    const steps = idleSteps(() => begun.push(performance.now()));
    const end = await runTask(runtime, timed(journal, turn), never, new Cancellation(), steps);
    const ended = performance.now();
    if (!end.ended || !end.snapshot.matches('failed-permanent') || begun.length !== stepsOfTask) {
      throw new Error(`The task took ${begun.length} steps, or to another end than was meant.`);
    }
    turn.stepMs.push(...begun.map((at, step) => (begun[step + 1] ?? ended) - at));
    turn.taskMs.push(ended - began);
  });
  return turn;
}

const timed = (journal: RunJournal, turn: JournalledTurn): RunJournal => ({
  records: journal.records,
  flushed: () => journal.flushed(),
  append: (entry, state) => {
    const before = process.threadCpuUsage();
    const record = journal.append(entry, state);
    const { user, system } = process.threadCpuUsage(before);
    turn.appendMs.push((user + system) / 1000);
    return record;
  },
});
