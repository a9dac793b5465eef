// The queue over Amazon SQS. A thin adapter: polling, heartbeats and back-off are the worker's.
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type Message,
  type MessageAttributeValue,
} from '@aws-sdk/client-sqs';
import { failureMessageMaxChars, pollWaitSeconds, queueCallMaxMs } from '../../events/bounds.ts';
import { coded, type Failure } from '../../events/failure.ts';
import { findDeadLetterUrl } from './dead-letter-queue.ts';
import type { Delivery, Queue } from './queue.ts';
import { call } from './sqs-call.ts';
import { sqsClient, type SqsSettings } from './sqs-client.ts';
import { isContentRefused, isReceiptLost } from './sqs-failures.ts';
import { attributeText, escapedJson } from './sqs-text.ts';

/** Credentials come by the SDK's ordinary chain at the first call and are then kept in memory. */
export function sqsQueue(settings: SqsSettings): Queue {
  const { url } = settings;
  const client = sqsClient(settings);
  let deadLetterUrl = settings.deadLetterUrl;

  const remove = async (receiptHandle: string, signal: AbortSignal): Promise<void> => {
    const command = new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: receiptHandle });
    await call('DeleteMessage', (abortSignal) => client.send(command, { abortSignal }), signal, {
      handle: onlyWhen(isReceiptLost, undefined),
    });
  };

  const put = async (
    to: string,
    body: string,
    attributes: Attributes,
    signal: AbortSignal,
  ): Promise<string | undefined> => {
    const command = new SendMessageCommand({ QueueUrl: to, MessageBody: body, MessageAttributes: attributes });
    const sent = await call('SendMessage', (abortSignal) => client.send(command, { abortSignal }), signal, {
      handle: onlyWhen(isContentRefused, undefined),
    });
    return sent?.MessageId;
  };

  return {
    async receive(leaseSeconds, signal) {
      const command = new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: 1,
        WaitTimeSeconds: pollWaitSeconds,
        VisibilityTimeout: leaseSeconds,
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      });
      const answer = await call('ReceiveMessage', (abortSignal) => client.send(command, { abortSignal }), signal, {
        timeLimitMs: pollWaitSeconds * 1000 + queueCallMaxMs,
      });
      return deliveryOf(answer.Messages?.[0]);
    },

    async extend(receiptHandle, seconds, signal) {
      const command = new ChangeMessageVisibilityCommand({
        QueueUrl: url,
        ReceiptHandle: receiptHandle,
        // SQS takes whole seconds; a refusal for another reason than the receipt's would read as a lost one.
        VisibilityTimeout: Math.max(Math.ceil(seconds), 0),
      });
      const work = async (abortSignal: AbortSignal): Promise<boolean> => {
        await client.send(command, { abortSignal });
        return true;
      };
      return call('ChangeMessageVisibility', work, signal, { handle: onlyWhen(isReceiptLost, false) });
    },

    delete: remove,

    async park(delivery, failure, signal) {
      deadLetterUrl ??= await call('GetQueueUrl', (either) => findDeadLetterUrl(client, url, either), signal);
      const explained = await put(deadLetterUrl, delivery.body, reasonOf(failure), signal);
      // Attributes count towards the size of a message: one that fills the limit is kept without them rather than not at all.
      const kept = explained ?? (await put(deadLetterUrl, delivery.body, {}, signal));
      if (kept === undefined)
        throw coded('CW-MESSAGE-INVALID', 'The dead-letter queue refuses the message as too large.');
      await remove(delivery.receiptHandle, signal);
    },

    async send(body, signal) {
      const id = await put(url, escapedJson(body), {}, signal);
      if (id === undefined)
        throw coded('CW-MESSAGE-INVALID', 'The queue refuses the message: too large, or control characters in it.');
      return id;
    },
  };
}

type Attributes = Record<string, MessageAttributeValue>;

/** An error of the given kind becomes `result`; any other is thrown on. */
const onlyWhen =
  <T>(matches: (error: unknown) => boolean, result: T) =>
  (error: unknown): T => {
    if (matches(error)) return result;
    throw error;
  };

function deliveryOf(message: Message | undefined): Delivery | undefined {
  if (message?.MessageId === undefined || message.ReceiptHandle === undefined) return undefined;
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body ?? '',
    receiveCount: Number(message.Attributes?.['ApproximateReceiveCount'] ?? 1),
  };
}

function reasonOf(failure: Failure): Attributes {
  const text = (value: string): MessageAttributeValue => ({
    DataType: 'String',
    StringValue: attributeText(value, failureMessageMaxChars),
  });
  return { 'codingworker.code': text(failure.code), 'codingworker.reason': text(failure.message) };
}
