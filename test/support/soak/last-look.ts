// What must be true of a site when its work is over: nothing left, nothing said twice, nothing that grew.
import { growthOf, grown, heapGrown, type Growth } from './growth.ts';
import { processesWith } from '../processes-with.ts';
import { readDisk, type DiskUse } from './readings.ts';
import type { AtRest, SiteRun } from './site-run.ts';

export type SiteFigures = {
  name: string;
  tasks: number;
  /** Before its first task, after the warm-up, and at the end. */
  fresh: AtRest;
  warm: AtRest;
  end: AtRest;
  /** The highest resident memory that was seen while it worked. */
  highestMiB: number;
  growth?: Growth;
  disk: DiskUse;
};

/** A connection or two that SQS's client keeps, and what a library opens with its first use. */
const idleFilesSlack = 6;

/** Stops the idle worker; breaches go to the run's tally. */
export async function lastLook(run: SiteRun, rests: Pick<SiteFigures, 'fresh' | 'warm' | 'end'>): Promise<SiteFigures> {
  const { site, tasks, readings, facts } = run;
  await run.leave();
  await run.watch.leaveAll();
  await judgeDeadLetters(run);
  if (!(await site.end('SIGTERM'))) run.breach('the idle worker did not stop when asked to');
  const disk = await readDisk(site);
  if (disk.leftovers.length > 0) run.breach(`left behind: ${disk.leftovers.join(', ')}`);
  const alive = await processesWith(site.home.folder);
  if (alive.length > 0) run.breach(`${alive.length} processes live on`);
  const growth = facts.mortal ? undefined : growthOf(readings, facts.slots);
  if (!facts.mortal) {
    const { warm, end } = rests;
    if (end.openFiles > warm.openFiles + idleFilesSlack)
      run.breach(`the idle worker's open files grew from ${warm.openFiles} to ${end.openFiles}`);
    for (const problem of [...heapGrown(warm, end), ...(growth ? grown(growth) : [])]) run.breach(problem);
  }
  const highestMiB = Math.max(0, ...readings.map(({ memoryMiB }) => memoryMiB));
  return { name: site.name, tasks: tasks.sent, ...rests, highestMiB, disk, ...(growth && { growth }) };
}

/** What is no task was parked with its reason, and nothing else was. */
async function judgeDeadLetters(run: SiteRun): Promise<void> {
  const letters = await run.site.sqs.deadLetters();
  const parked = new Set(letters.map(({ body }) => body));
  for (const { body, attributes } of letters) {
    const code = attributes['codingworker.code'] ?? 'none';
    if (!run.tasks.malformed.has(body)) run.breach(`a task's message is a dead letter (reason: ${code}): ${body}`);
    else if (code !== 'CW-MESSAGE-INVALID') run.breach(`a dead letter has the reason ${code}: ${body}`);
  }
  for (const text of run.tasks.malformed) {
    if (!parked.has(text)) run.breach(`neither a task nor a dead letter: ${text}`);
  }
}
