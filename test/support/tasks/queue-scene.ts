// A worker's task loop on the real SQS stand-in and real journals, with scripted ports for everything else.
import { issueMessage } from '../world.ts';
import { startSqs, type SqsStandIn } from '../sqs/sqs.ts';
import { sqsQueue } from '../../../src/services/queue/sqs.ts';
import type { Delivery, Queue } from '../../../src/services/queue/queue.ts';
import { parseTaskMessage } from '../../../src/events/task-message.ts';
import { taskOf } from '../../../src/events/task.ts';
import { scriptedRuntime, type Scripted, type ScriptFacts } from './scripted-runtime.ts';

export type QueueScene = {
  sqs: SqsStandIn;
  queue: Queue;
  /** A runtime on this queue, with a state directory of its own unless `root` names one. */
  scripted: (facts?: ScriptFacts) => Promise<Scripted>;
  /** Sends an issue's message; returns its text and its task's id. */
  send: (facts?: {
    number?: number;
    deliveryId?: string;
    repository?: string;
  }) => Promise<{ text: string; taskId: string }>;
  /** Receives the one message that lies in the queue now. */
  receive: (leaseSeconds?: number) => Promise<Delivery>;
  /** Ends all leases and empties the queue. */
  empty: () => Promise<void>;
  close: () => Promise<void>;
};

const never = new AbortController().signal;

export async function startQueueScene(): Promise<QueueScene> {
  const sqs = await startSqs();
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = sqs.environment;
  Object.assign(process.env, { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_EC2_METADATA_DISABLED: 'true' });
  const queue = sqsQueue({ url: sqs.queueUrl, region: sqs.region, endpoint: sqs.endpoint });
  const removals: (() => Promise<void>)[] = [];
  const receive = async (leaseSeconds = 300): Promise<Delivery> => {
    const delivery = await queue.receive(leaseSeconds, never);
    if (delivery === undefined) throw new Error('No message came.');
    return delivery;
  };
  return {
    sqs,
    queue,
    receive,
    async scripted(facts = {}) {
      const made = await scriptedRuntime({ queue, ...facts });
      removals.push(made.remove);
      return made;
    },
    async send({ number = 12, deliveryId, repository = 'acme/shop' } = {}) {
      const text = issueMessage({ repository, number, title: 'A title', body: 'A body' }, deliveryId);
      await queue.send(text, never);
      return { text, taskId: taskOf(parseTaskMessage(text)).id };
    },
    async empty() {
      await sqs.expireLeases();
      for (const _ of await sqs.messages()) await queue.delete((await receive()).receiptHandle, never);
    },
    async close() {
      await sqs.close();
      await Promise.all(removals.map((remove) => remove()));
    },
  };
}
