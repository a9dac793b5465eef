// Leaves a task in the midst of its work: for a restarted worker, for whoever gets its message next, or for a message sent anew.
import { suspendGraceSeconds } from '../events/bounds.ts';
import { waitsForMessage } from '../machines/task-summary.ts';
import type { Journal } from '../services/journal/journal.ts';
import { handOver } from './handover.ts';
import type { Lease } from './lease.ts';
import type { Runtime } from './runtime.ts';

/**
 * Asked to stop, the message stays ours for a while, so that a restarted worker finds it unclaimed by others. A task whose message was lost
 * waits until that comes again, and one whose message is old (`isOld` is the reason) is handed over.
 */
export async function suspend(
  runtime: Runtime,
  { journal, lease }: { journal: Journal; lease: Lease },
  reason: unknown,
  isOld: AbortSignal,
): Promise<void> {
  const { queue, clock, log, settings } = runtime;
  const isLost = lease.lost.aborted;
  // At each start anew, the same again would say nothing.
  if (!isLost || !waitsForMessage(journal.records)) {
    const said = reason instanceof Error ? reason.message : String(reason);
    journal.append({ type: 'task.suspended', data: { reason: said, ...(isLost && { waitsFor: 'message' as const }) } });
  }
  await journal.flushed();
  if (isLost) {
    log.warn({ journal: journal.path }, 'the message is not ours now; the task waits until it comes again');
    return;
  }
  if (isOld.aborted && reason === isOld.reason) {
    await handOver(runtime, journal, lease.receiptHandle);
    return;
  }
  const limit = clock.timeout(settings.leaseSeconds * 1000);
  const kept = await queue.extend(lease.receiptHandle, suspendGraceSeconds, limit);
  log.info({ journal: journal.path, kept }, 'task suspended');
}
