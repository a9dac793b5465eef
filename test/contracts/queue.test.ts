// The queue port's contract, over HTTP against SQS's protocol: messages, leases and parking.
import { connect } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { inFlightMaxSeconds } from '../../src/events/bounds.ts';
import { coded } from '../../src/events/failure.ts';
import type { Delivery, Queue } from '../../src/services/queue/queue.ts';
import { sqsQueue } from '../../src/services/queue/sqs.ts';
import { answerAll, failureOf, json, errorBody } from '../support/sqs/answering-server.ts';
import { startSqs, type SqsStandIn } from '../support/sqs/sqs.ts';

const never = new AbortController().signal;
const failure = coded('CW-MESSAGE-INVALID', 'The message is not a task: title: too long.').failure;

let sqs: SqsStandIn;
let queue: Queue;

beforeEach(async () => {
  await useSqs();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await sqs.close();
});

async function useSqs(attributes: Record<string, string> = {}): Promise<void> {
  sqs = await startSqs({ queue: attributes });
  for (const [name, value] of Object.entries(sqs.environment)) vi.stubEnv(name, value);
  queue = sqsQueue({ url: sqs.queueUrl });
}

async function received(leaseSeconds = 60): Promise<Delivery> {
  const delivery = await queue.receive(leaseSeconds, never);
  if (delivery === undefined) throw new Error('The poll brought nothing.');
  return delivery;
}

describe('messages', () => {
  test('what is sent is received, leased and counted', async () => {
    const id = await queue.send('{"a":1}', never);
    expect(await received()).toMatchObject({ messageId: id, body: '{"a":1}', receiveCount: 1 });
    expect(await sqs.messages()).toMatchObject([{ messageId: id, state: 'leased' }]);
  });

  test('a poll waits for a message that comes later', async () => {
    const poll = received();
    await queue.send('late', never);
    expect((await poll).body).toBe('late');
  });

  test('one poll takes one message', async () => {
    await queue.send('one', never);
    await queue.send('two', never);
    await received();
    expect((await sqs.messages()).map(({ state }) => state).toSorted()).toEqual(['leased', 'ready']);
  });

  test.each([
    ['emoji', JSON.stringify({ title: 'Fix 🐛 in 日本語 – naïve' })],
    ['a lone surrogate', JSON.stringify({ title: '\ud83d' })],
    ['control characters', JSON.stringify({ title: '\u0000\u001b[31m\u007f\b\f\n\r\t' })],
    ['non-characters', JSON.stringify({ title: 'a\ufffe\uffffb' })],
    ['backslashes before an emoji', JSON.stringify({ title: '\\🐛\\\\🐛' })],
  ])('JSON with %s means the same when it arrives', async (_name, body) => {
    await queue.send(body, never);
    expect(JSON.parse((await received()).body)).toEqual(JSON.parse(body));
  });

  test('1 MiB is sent, one byte more is refused as the message’s fault', async () => {
    const mebibyte = 1024 * 1024;
    await queue.send('x'.repeat(mebibyte), never);
    expect((await received()).body).toHaveLength(mebibyte);
    expect(await failureOf(queue.send('x'.repeat(mebibyte + 1), never))).toMatchObject({
      code: 'CW-MESSAGE-INVALID',
      retryable: false,
    });
  });

  test('raw control characters are refused as the message’s fault', async () => {
    expect(await failureOf(queue.send('a\u0000b', never))).toMatchObject({ code: 'CW-MESSAGE-INVALID' });
  });
});

describe('leases', () => {
  test('a deleted message is gone, and deleting it again is no error', async () => {
    await queue.send('x', never);
    const { receiptHandle } = await received();
    await queue.delete(receiptHandle, never);
    expect(await sqs.messages()).toEqual([]);
    await queue.delete(receiptHandle, never);
  });

  test('a lease that runs out gives the message to the next poll, counted', async () => {
    await queue.send('x', never);
    await received(1);
    expect(await received()).toMatchObject({ body: 'x', receiveCount: 2 });
  });

  test('an extended lease does not run out at its first end', async () => {
    await queue.send('x', never);
    const { receiptHandle } = await received(2);
    expect(await queue.extend(receiptHandle, 600, never)).toBe(true);
    await queue.send('a later message', never);
    const first = await received(2);
    expect(first.body).toBe('a later message');
    expect(await received()).toMatchObject({ body: 'a later message', receiveCount: 2 });
  });

  test('a message given back with 0 seconds comes at once', async () => {
    await queue.send('x', never);
    expect(await queue.extend((await received()).receiptHandle, 0, never)).toBe(true);
    expect(await received()).toMatchObject({ receiveCount: 2 });
  });

  test('a lease that would end more than 12 hours after the receive is refused, which reads as lost', async () => {
    await queue.send('x', never);
    const { receiptHandle } = await received();
    expect(await queue.extend(receiptHandle, inFlightMaxSeconds + 1, never)).toBe(false);
    sqs.pass((inFlightMaxSeconds - 600) * 1000);
    expect(await queue.extend(receiptHandle, 500.5, never)).toBe(true);
    expect(await queue.extend(receiptHandle, 601, never)).toBe(false);
    expect(await sqs.messages()).toMatchObject([{ state: 'leased' }]);
    // Received anew, it has its 12 hours again.
    await sqs.expireLeases();
    expect(await queue.extend((await received()).receiptHandle, 601, never)).toBe(true);
  });

  test('a stale receipt neither extends nor deletes, and the new one does', async () => {
    await queue.send('x', never);
    const old = await received();
    await sqs.expireLeases();
    const current = await received();
    expect(await queue.extend(old.receiptHandle, 60, never)).toBe(false);
    await queue.delete(old.receiptHandle, never);
    expect(await sqs.messages()).toHaveLength(1);
    expect(await queue.extend(current.receiptHandle, 60, never)).toBe(true);
    await queue.delete(current.receiptHandle, never);
    expect(await sqs.messages()).toEqual([]);
    expect(await queue.extend(current.receiptHandle, 60, never)).toBe(false);
  });

  test.each(['InvalidParameterValue', 'ReceiptHandleIsInvalid', 'MessageNotInflight'])(
    'SQS says %s of a lost receipt: extend is false, delete is done',
    async (name) => {
      const url = await answerAll((_request, response) => response.writeHead(400, json).end(errorBody(name)));
      const other = sqsQueue({ url, endpoint: new URL(url).origin });
      expect(await other.extend('gone', 60, never)).toBe(false);
      await other.delete('gone', never);
    },
  );

  test('after three receives the message lies in the dead-letter queue', async () => {
    await queue.send('poison', never);
    for (const receiveCount of [1, 2, 3]) {
      expect(await received()).toMatchObject({ body: 'poison', receiveCount });
      await sqs.expireLeases();
    }
    await queue.send('next', never);
    expect(await received()).toMatchObject({ body: 'next' });
    expect(await sqs.deadLetters()).toMatchObject([{ body: 'poison' }]);
  });
});

describe('parking', () => {
  test('a parked message lies in the dead-letter queue byte for byte, with code and reason, and nowhere else', async () => {
    const body = ' {"title" : "\\ud83d\\udc1b",\r\n"x":"日本"}\t';
    await queue.send(body, never);
    await queue.park(await received(), failure, never);
    expect(await sqs.messages()).toEqual([]);
    expect(await sqs.deadLetters()).toMatchObject([
      { body, attributes: { 'codingworker.code': failure.code, 'codingworker.reason': failure.message } },
    ]);
  });

  test('a reason that SQS would refuse is cleaned and bounded', async () => {
    await queue.send('x', never);
    const message = `a\u0000\u001b🐛\ufffe\ud800b${'x'.repeat(5000)}`;
    await queue.park(await received(), { ...failure, message }, never);
    await queue.send('y', never);
    await queue.park(await received(), { ...failure, message: '\u0000' }, never);
    const [long, empty] = (await sqs.deadLetters()).map(({ attributes }) => attributes['codingworker.reason']);
    expect(long).toBe(`ab${'x'.repeat(1998)}`);
    expect(empty).toBe('-');
  });

  test('a message that fills the size limit is parked without its reason rather than not at all', async () => {
    const body = 'x'.repeat(1024 * 1024);
    await queue.send(body, never);
    await queue.park(await received(), failure, never);
    expect(await sqs.deadLetters()).toMatchObject([{ body, attributes: {} }]);
    expect(await sqs.messages()).toEqual([]);
  });

  test('a configured dead-letter queue is used without asking for the redrive policy', async () => {
    await sqs.close();
    await useSqs({ RedrivePolicy: '' });
    queue = sqsQueue({ url: sqs.queueUrl, deadLetterUrl: sqs.deadLetterUrl });
    await queue.send('x', never);
    await queue.park(await received(), failure, never);
    expect(await sqs.deadLetters()).toHaveLength(1);
  });

  test('without a dead-letter queue parking fails and deletes nothing', async () => {
    await sqs.close();
    await useSqs({ RedrivePolicy: '' });
    await queue.send('x', never);
    const delivery = await received();
    expect(await failureOf(queue.park(delivery, failure, never))).toMatchObject({ code: 'CW-QUEUE-NO-DEAD-LETTER' });
    expect(await sqs.messages()).toHaveLength(1);
  });

  test('when the copy cannot be made the message is not deleted', async () => {
    await queue.send('x', never);
    const delivery = await received();
    const other = sqsQueue({ url: sqs.queueUrl, deadLetterUrl: `${sqs.endpoint}/000000000000/no-such-queue` });
    expect(await failureOf(other.park(delivery, failure, never))).toMatchObject({ code: 'CW-QUEUE-NOT-FOUND' });
    expect(await sqs.messages()).toHaveLength(1);
  });
});

test('the stand-in listens on 127.0.0.1 only', async () => {
  const socket = connect({ host: '127.0.0.2', port: Number(new URL(sqs.endpoint).port), timeout: 2000 });
  const [error] = await once(socket, 'error');
  expect(error).toMatchObject({ code: expect.stringMatching(/ECONNREFUSED|EADDRNOTAVAIL|ENETUNREACH/) });
});
