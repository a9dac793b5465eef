// The queue port of one process on the simulated queue, long poll included.
import { pollWaitSeconds } from '../../../src/events/bounds.ts';
import { coded } from '../../../src/events/failure.ts';
import type { Delivery, Queue } from '../../../src/services/queue/queue.ts';
import { request, wayMaxMs, type Line, type NetworkFaults } from './network.ts';
import type { SimulatedProcess } from './process.ts';
import type { SimulatedQueue } from './queue.ts';

/** Called where a message is about to be deleted for good. */
export type OnDelete = (receipt: string) => void;

export function queuePort(
  queue: SimulatedQueue,
  machine: string,
  process: SimulatedProcess,
  faults: NetworkFaults,
  onDelete: OnDelete,
): Queue {
  const unavailable = (): Error => coded('CW-QUEUE-UNAVAILABLE', 'No answer from the simulated queue.');
  const line: Line = { service: 'queue', faults, slowMaxMs: 14_000, unavailable };
  return {
    receive: (leaseSeconds, signal) => longPoll({ queue, machine, process, line }, leaseSeconds, signal),
    async extend(receipt, seconds, signal) {
      const kept = await request(process, line, () => queue.extend(machine, receipt, seconds), signal);
      if (!kept) queue.refused(machine, receipt);
      return kept;
    },
    delete: (receipt, signal) =>
      request(
        process,
        line,
        () => {
          onDelete(receipt);
          queue.delete(receipt);
        },
        signal,
      ),
    park: (delivery, failure, signal) => request(process, line, () => queue.park(delivery, failure.code), signal),
    send: (body, signal) => request(process, line, () => queue.send(body), signal),
  };
}

type Poll = { queue: SimulatedQueue; machine: string; process: SimulatedProcess; line: Line };

/** What is sent meanwhile is seen at the end of the poll. A message may be handed to a connection that nobody listens to any more: then it is invisible until its lease ends. */
function longPoll(
  { queue, machine, process, line }: Poll,
  leaseSeconds: number,
  signal: AbortSignal,
): Promise<Delivery | undefined> {
  const { scheduler, random } = process.host;
  return process.call<Delivery | undefined>(signal, ({ resolve, reject }) => {
    if (line.faults.isCut(line.service) || random.chance(line.faults.lostBefore)) {
      process.later(random.between(50, 5_000), () => reject(line.unavailable()));
      return;
    }
    const ends = scheduler.now + pollWaitSeconds * 1000;
    const look = (): void => {
      if ((!process.isAlive || signal.aborted) && random.chance(0.7)) return;
      const delivery = queue.receive(machine, leaseSeconds);
      if (delivery === undefined && scheduler.now < ends && process.isAlive && !signal.aborted) {
        const nextMs = Math.min(ends, queue.nextVisible()) - scheduler.now;
        scheduler.after(Math.max(1, nextMs), look);
      } else if (random.chance(line.faults.lostAfter)) {
        process.later(random.between(50, 5_000), () => reject(line.unavailable()));
      } else process.later(random.between(5, wayMaxMs), () => resolve(delivery));
    };
    scheduler.after(random.between(5, wayMaxMs), look);
  });
}
