// The dead-letter queue over Amazon SQS. SQS cannot look without receiving, so what was received is given back at once.
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type Message,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { deadLetterLookSeconds, deadLetterPollSeconds, deadLettersMax, queueBatchMax } from '../../events/bounds.ts';
import { coded } from '../../events/failure.ts';
import { findDeadLetterUrl } from './dead-letter-queue.ts';
import type { DeadLetter, DeadLetters } from './dead-letters.ts';
import { call } from './sqs-call.ts';
import { sqsClient, type SqsSettings } from './sqs-client.ts';
import { isContentRefused, isReceiptLost } from './sqs-failures.ts';

type Received = DeadLetter & { receiptHandle: string };

/** Credentials come by the SDK's ordinary chain. */
export function sqsDeadLetters(settings: SqsSettings): DeadLetters {
  const client = sqsClient(settings);
  const look = async <T>(
    use: (found: Received[], take: (letter: Received) => Promise<void>) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> => {
    const from =
      settings.deadLetterUrl ??
      (await call('GetQueueUrl', (either) => findDeadLetterUrl(client, settings.url, either), signal));
    const found = new Map<string, Received>();
    try {
      await receiveAll(client, from, found, signal);
      const take = async ({ messageId, receiptHandle }: Received): Promise<void> => {
        await remove(client, from, receiptHandle, signal);
        found.delete(messageId);
      };
      const oldestFirst = [...found.values()].toSorted((a, b) => a.sentAt - b.sentAt);
      return await use(oldestFirst, take);
    } finally {
      await giveBack(client, from, [...found.values()]);
    }
  };
  return {
    list: (signal) => look(async (found) => found.map(letterOf), signal),
    redrive: (isWanted, signal) =>
      look(async (found, take) => {
        const wanted = found.filter((letter) => isWanted(letterOf(letter)));
        for (const letter of wanted) {
          await send(client, settings.url, letter.body, signal);
          await take(letter);
        }
        return wanted.map(letterOf);
      }, signal),
  };
}

/** Until a poll brings nothing new. A message that comes twice keeps the newer receipt. */
async function receiveAll(client: SQSClient, url: string, found: Map<string, Received>, signal: AbortSignal) {
  while (found.size < deadLettersMax) {
    const command = new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: Math.min(queueBatchMax, deadLettersMax - found.size),
      WaitTimeSeconds: deadLetterPollSeconds,
      VisibilityTimeout: deadLetterLookSeconds,
      MessageSystemAttributeNames: ['SentTimestamp'],
      MessageAttributeNames: ['codingworker.code', 'codingworker.reason'],
    });
    const answer = await call('ReceiveMessage', (abortSignal) => client.send(command, { abortSignal }), signal);
    const before = found.size;
    for (const message of answer.Messages ?? []) {
      const received = receivedOf(message);
      if (received) found.set(received.messageId, received);
    }
    if (found.size === before) return;
  }
}

/** Also after an abort: else they would be hidden from the next look. What is gone, or cannot be reached, comes back by itself. */
async function giveBack(client: SQSClient, url: string, received: readonly Received[]): Promise<void> {
  const never = new AbortController().signal;
  const calls: Promise<unknown>[] = [];
  for (let from = 0; from < received.length; from += queueBatchMax) {
    const command = new ChangeMessageVisibilityBatchCommand({
      QueueUrl: url,
      Entries: received.slice(from, from + queueBatchMax).map(({ receiptHandle }, index) => ({
        Id: String(index),
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: 0,
      })),
    });
    calls.push(call('ChangeMessageVisibilityBatch', (abortSignal) => client.send(command, { abortSignal }), never));
  }
  await Promise.allSettled(calls);
}

async function send(client: SQSClient, url: string, body: string, signal: AbortSignal): Promise<void> {
  const command = new SendMessageCommand({ QueueUrl: url, MessageBody: body });
  const work = async (abortSignal: AbortSignal): Promise<boolean> => {
    await client.send(command, { abortSignal });
    return true;
  };
  const isSent = await call('SendMessage', work, signal, { handle: falseWhen(isContentRefused) });
  if (!isSent)
    throw coded('CW-MESSAGE-INVALID', 'The queue refuses the message: too large, or characters it does not take.');
}

async function remove(client: SQSClient, url: string, receiptHandle: string, signal: AbortSignal): Promise<void> {
  const command = new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: receiptHandle });
  const work = async (abortSignal: AbortSignal): Promise<boolean> => {
    await client.send(command, { abortSignal });
    return true;
  };
  await call('DeleteMessage', work, signal, { handle: falseWhen(isReceiptLost) });
}

const falseWhen =
  (matches: (error: unknown) => boolean) =>
  (error: unknown): boolean => {
    if (matches(error)) return false;
    throw error;
  };

function receivedOf({ MessageId, ReceiptHandle, Body, Attributes, MessageAttributes }: Message): Received | undefined {
  if (MessageId === undefined || ReceiptHandle === undefined) return undefined;
  const code = MessageAttributes?.['codingworker.code']?.StringValue;
  const message = MessageAttributes?.['codingworker.reason']?.StringValue ?? '';
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body ?? '',
    sentAt: Number(Attributes?.SentTimestamp ?? 0),
    ...(code !== undefined && { reason: { code, message } }),
  };
}

function letterOf({ messageId, body, sentAt, reason }: Received): DeadLetter {
  return { messageId, body, sentAt, ...(reason && { reason }) };
}
