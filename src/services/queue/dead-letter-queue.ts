// Where messages go that are no tasks: the configured dead-letter queue, or the one that the queue's redrive policy names.
import { GetQueueAttributesCommand, GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { coded } from '../../events/failure.ts';

const redrivePolicy = z.object({ deadLetterTargetArn: z.string() });

/** Throws `CW-QUEUE-NO-DEAD-LETTER` when the queue has none; SDK errors pass. */
export async function findDeadLetterUrl(client: SQSClient, url: string, signal: AbortSignal): Promise<string> {
  const question = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['RedrivePolicy'] });
  const { Attributes } = await client.send(question, { abortSignal: signal });
  const target = targetOf(Attributes?.['RedrivePolicy']);
  if (target === undefined) throw coded('CW-QUEUE-NO-DEAD-LETTER', `The queue ${url} has no dead-letter queue.`);
  // arn:aws:sqs:region:account:name
  const [account, name] = target.split(':').slice(4);
  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: name, QueueOwnerAWSAccountId: account }), {
    abortSignal: signal,
  });
  if (QueueUrl === undefined) throw coded('CW-QUEUE-NO-DEAD-LETTER', `The dead-letter queue ${target} was not found.`);
  return QueueUrl;
}

function targetOf(policy: string | undefined): string | undefined {
  if (policy === undefined || policy === '') return undefined;
  return redrivePolicy.parse(JSON.parse(policy)).deadLetterTargetArn;
}
