// Runs a scripted task on a real journal, in whatever process this is; as a program of its own, on a disk that may be as good as full.
import { join } from 'node:path';
import { CodedError } from '../../../src/events/failure.ts';
import { Journal } from '../../../src/services/journal/journal.ts';
import { runTask, type RunEnd } from '../../../src/worker/run-task.ts';
import type { Runtime } from '../../../src/worker/runtime.ts';
import { delivery, issueTask } from './facts.ts';
import { hastyLimits, scriptedRuntime } from './scripted-runtime.ts';
import { realMedium } from '../real-medium.ts';

export const journalPath = (runtime: Runtime): string => join(runtime.state.root, 'active', `${issueTask.id}.jsonl`);

export async function acceptTask(runtime: Runtime): Promise<Journal> {
  const journal = await Journal.create(realMedium, journalPath(runtime), issueTask.id);
  journal.append({ type: 'task.accepted', data: { task: issueTask, limits: hastyLimits, delivery } }, 'cloning');
  await journal.flushed();
  return journal;
}

/** The run's end, or the code of the failure that it stopped with. */
export async function endOrCode(work: Promise<RunEnd>): Promise<RunEnd | string> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof CodedError) return error.failure.code;
    throw error;
  }
}

if (import.meta.main) {
  const { runtime, effects } = await scriptedRuntime({ root: process.argv[2] ?? '' });
  const run = acceptTask(runtime).then((journal) => runTask(runtime, journal, new AbortController().signal));
  const end = await endOrCode(run);
  process.stdout.write(JSON.stringify({ effects, end: typeof end === 'string' ? end : 'ended' }));
}
