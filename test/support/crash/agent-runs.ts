// Which runs of the agent were finished and on record when a worker was struck: none of them may be started again.
import type { JournalRecord } from '../../../src/events/journal-record.ts';
import type { CrashHome } from './scene.ts';

/** How often each finished pass had been started. */
export type FinishedPasses = ReadonlyMap<string, number>;

/** To be asked while no worker runs. */
export async function finishedPasses(home: CrashHome, taskId: string): Promise<FinishedPasses> {
  const starts = await home.agent.starts(taskId);
  const done = passesOf(await home.records());
  return new Map(done.map((pass) => [pass, starts.filter((each) => each === pass).length]));
}

/** The passes that were started although they had finished. */
export async function repeatedPasses(home: CrashHome, taskId: string, finished: FinishedPasses): Promise<string[]> {
  const starts = await home.agent.starts(taskId);
  return [...finished].flatMap(([pass, times]) =>
    starts.filter((each) => each === pass).length > times ? [pass] : [],
  );
}

/** As the agent is told them: `generate`, `tests`, `fix-1` … */
function passesOf(records: readonly JournalRecord[]): string[] {
  const passes: string[] = [];
  for (const { type } of records) {
    if (type === 'generate.done') passes.push('generate');
    if (type === 'tests.done') passes.push('tests');
    if (type === 'fix.done') passes.push(`fix-${passes.filter((pass) => pass.startsWith('fix-')).length + 1}`);
  }
  return passes;
}
