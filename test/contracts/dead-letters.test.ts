// The contract of the dead-letter queue's port, over HTTP against SQS's protocol: looking uses nothing up, and what goes back goes whole.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { coded } from '../../src/events/failure.ts';
import type { DeadLetters } from '../../src/services/queue/dead-letters.ts';
import { sqsDeadLetters } from '../../src/services/queue/sqs-dead-letters.ts';
import { sqsQueue } from '../../src/services/queue/sqs.ts';
import { failureOf } from '../support/sqs/answering-server.ts';
import { startSqs, type SqsStandIn } from '../support/sqs/sqs.ts';

const never = new AbortController().signal;
const failure = coded('CW-MESSAGE-INVALID', 'The message is not a task: title: too long.').failure;

let sqs: SqsStandIn;
let letters: DeadLetters;

beforeEach(async () => {
  sqs = await startSqs();
  for (const [name, value] of Object.entries(sqs.environment)) vi.stubEnv(name, value);
  letters = sqsDeadLetters({ url: sqs.queueUrl });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await sqs.close();
});

/** Parks a message by the worker's own port. */
async function park(body: string): Promise<void> {
  const queue = sqsQueue({ url: sqs.queueUrl });
  await queue.send(body, never);
  const delivery = await queue.receive(60, never);
  if (delivery === undefined) throw new Error('The poll brought nothing.');
  await queue.park(delivery, failure, never);
}

/** Lets SQS itself move a message, by receiving it more often than the redrive policy allows. */
async function wearOut(body: string): Promise<void> {
  const queue = sqsQueue({ url: sqs.queueUrl });
  await queue.send(body, never);
  for (let receive = 1; receive <= 3; receive += 1) {
    await queue.receive(60, never);
    await sqs.expireLeases();
  }
  await queue.send('the next one', never);
  const next = await queue.receive(60, never);
  await queue.delete(next?.receiptHandle ?? '', never);
}

const statesThere = async (): Promise<string[]> => (await sqs.deadLetters()).map(({ state }) => state);

describe('list', () => {
  test('tells of each message its text, when it was sent, and why it was parked', async () => {
    await park('{"title":"日本"}');
    const [letter, ...more] = await letters.list(never);
    expect(more).toEqual([]);
    expect(letter).toEqual({
      messageId: (await sqs.deadLetters())[0]?.messageId,
      body: '{"title":"日本"}',
      sentAt: expect.closeTo(Date.now(), -5) as number,
      reason: { code: failure.code, message: failure.message },
    });
  });

  test('gives no reason for a message that the queue moved itself', async () => {
    await wearOut('poison');
    const [letter] = await letters.list(never);
    expect(letter).toMatchObject({ body: 'poison' });
    expect(letter).not.toHaveProperty('reason');
  });

  test('uses nothing up: all is visible at once to the next look, however many there are', async () => {
    for (let index = 0; index < 23; index += 1) await park(`message ${index}`);
    const first = await letters.list(never);
    expect(new Set(first.map(({ body }) => body)).size).toBe(23);
    expect(new Set(await statesThere())).toEqual(new Set(['ready']));
    expect((await letters.list(never)).map(({ messageId }) => messageId).toSorted()).toEqual(
      first.map(({ messageId }) => messageId).toSorted(),
    );
  });

  test('is empty for an empty queue', async () => {
    expect(await letters.list(never)).toEqual([]);
  });

  test('gives back what it had received when it is aborted', async () => {
    await park('x');
    const stop = new AbortController();
    const looked = letters.list(stop.signal);
    // The first poll brings the message, the second one waits for more.
    await sqs.nextCall('ReceiveMessage');
    await sqs.nextCall('ReceiveMessage');
    stop.abort(new Error('enough'));
    await expect(looked).rejects.toThrow('enough');
    expect(await statesThere()).toEqual(['ready']);
  });

  test('without a dead-letter queue it says so', async () => {
    await sqs.close();
    sqs = await startSqs({ queue: { RedrivePolicy: '' } });
    for (const [name, value] of Object.entries(sqs.environment)) vi.stubEnv(name, value);
    const other = sqsDeadLetters({ url: sqs.queueUrl });
    expect(await failureOf(other.list(never))).toMatchObject({ code: 'CW-QUEUE-NO-DEAD-LETTER' });
    expect(await sqsDeadLetters({ url: sqs.queueUrl, deadLetterUrl: sqs.deadLetterUrl }).list(never)).toEqual([]);
  });
});

describe('redrive', () => {
  test('sends the wanted messages back byte for byte, and leaves the others visible', async () => {
    const body = ' {"title" : "\\ud83d\\udc1b",\r\n"x":"日本"}\t';
    await park(body);
    await park('stays');
    const moved = await letters.redrive((letter) => letter.body === body, never);
    expect(moved).toMatchObject([{ body }]);
    expect(await sqs.messages()).toMatchObject([{ body, attributes: {}, state: 'ready', receiveCount: 0 }]);
    expect(await sqs.deadLetters()).toMatchObject([{ body: 'stays', state: 'ready' }]);
  });

  test('deletes nothing that could not be sent, and makes all of it visible again', async () => {
    await park('x');
    const url = `${sqs.endpoint}/000000000000/no-such-queue`;
    const other = sqsDeadLetters({ url, deadLetterUrl: sqs.deadLetterUrl });
    expect(await failureOf(other.redrive(() => true, never))).toMatchObject({ code: 'CW-QUEUE-NOT-FOUND' });
    expect(await sqs.deadLetters()).toMatchObject([{ body: 'x', state: 'ready' }]);
  });

  test('a text that the queue refuses stays where it is, as the message’s fault', async () => {
    await sqs.close();
    sqs = await startSqs({ queue: { MaximumMessageSize: '1024' } });
    for (const [name, value] of Object.entries(sqs.environment)) vi.stubEnv(name, value);
    await sqsQueue({ url: sqs.deadLetterUrl }).send('x'.repeat(2000), never);
    const other = sqsDeadLetters({ url: sqs.queueUrl });
    expect(await failureOf(other.redrive(() => true, never))).toMatchObject({ code: 'CW-MESSAGE-INVALID' });
    expect(await statesThere()).toEqual(['ready']);
  });

  test('moves nothing when nothing is wanted', async () => {
    await park('x');
    expect(await letters.redrive(() => false, never)).toEqual([]);
    expect(await sqs.messages()).toEqual([]);
    expect(await statesThere()).toEqual(['ready']);
  });
});
