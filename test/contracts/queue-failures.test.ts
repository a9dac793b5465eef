// The queue port's contract when it is stopped or cannot be reached: aborts, and every failure's code.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Delivery, Queue } from '../../src/services/queue/queue.ts';
import { call } from '../../src/services/queue/sqs-call.ts';
import { sqsQueue } from '../../src/services/queue/sqs.ts';
import { answerAll, errorBody, failureOf, json } from '../support/sqs/answering-server.ts';
import { startSqs, type SqsStandIn } from '../support/sqs/sqs.ts';

const never = new AbortController().signal;

let sqs: SqsStandIn;
let queue: Queue;

beforeEach(async () => {
  sqs = await startSqs();
  for (const [name, value] of Object.entries(sqs.environment)) vi.stubEnv(name, value);
  queue = sqsQueue({ url: sqs.queueUrl });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await sqs.close();
});

async function received(leaseSeconds = 60): Promise<Delivery> {
  const delivery = await queue.receive(leaseSeconds, never);
  if (delivery === undefined) throw new Error('The poll brought nothing.');
  return delivery;
}

describe('aborts', () => {
  const reason = new Error('stopping');

  test('an abort just after the call rejects with its reason, and the next message goes to the next poll', async () => {
    const controller = new AbortController();
    const poll = queue.receive(60, controller.signal);
    controller.abort(reason);
    await expect(poll).rejects.toBe(reason);
    await queue.send('x', never);
    expect(await received()).toMatchObject({ body: 'x', receiveCount: 1 });
  });

  test('an abort of a poll that waits at the server ends it there, so that it takes no message with it', async () => {
    const controller = new AbortController();
    const poll = queue.receive(60, controller.signal);
    await expect.poll(() => sqs.waitingPolls()).toBe(1);
    controller.abort(reason);
    await expect(poll).rejects.toBe(reason);
    await expect.poll(() => sqs.waitingPolls()).toBe(0);
    await queue.send('x', never);
    expect(await received()).toMatchObject({ body: 'x', receiveCount: 1 });
  });

  test('an abort before the call sends nothing', async () => {
    const aborted = AbortSignal.abort(reason);
    await expect(queue.send('x', aborted)).rejects.toBe(reason);
    expect(await sqs.messages()).toEqual([]);
    let isStarted = false;
    const work = async (): Promise<void> => {
      isStarted = true;
    };
    await expect(call('Never', work, aborted)).rejects.toBe(reason);
    expect(isStarted).toBe(false);
  });

  test('an abort ends a call that is about to be repeated', async () => {
    const controller = new AbortController();
    const url = await answerAll((_request, response) => {
      response.writeHead(503, { 'retry-after': '3600' }).end(() => controller.abort(reason));
    });
    const other = sqsQueue({ url, endpoint: new URL(url).origin });
    await expect(other.send('x', controller.signal)).rejects.toBe(reason);
  });

  test('an abort is noticed even while the work does not listen to it', async () => {
    const controller = new AbortController();
    const deaf = call('Deaf', () => new Promise<never>(() => {}), controller.signal);
    controller.abort(reason);
    await expect(deaf).rejects.toBe(reason);
  });
});

describe('failures', () => {
  test('a wrong access key is CW-QUEUE-AUTH', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAWRONGWRONGWRONG0');
    expect(await failureOf(sqsQueue({ url: sqs.queueUrl }).receive(60, never))).toMatchObject({
      code: 'CW-QUEUE-AUTH',
      retryable: false,
    });
  });

  test('no credentials at all is CW-QUEUE-AUTH', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', '');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', '');
    expect(await failureOf(sqsQueue({ url: sqs.queueUrl }).receive(60, never))).toMatchObject({
      code: 'CW-QUEUE-AUTH',
    });
  });

  test('a queue that does not exist is CW-QUEUE-NOT-FOUND', async () => {
    const other = sqsQueue({ url: `${sqs.queueUrl}-typo` });
    expect(await failureOf(other.receive(60, never))).toMatchObject({ code: 'CW-QUEUE-NOT-FOUND', retryable: false });
    expect(await failureOf(other.send('x', never))).toMatchObject({ code: 'CW-QUEUE-NOT-FOUND' });
    expect(await failureOf(other.extend('x', 60, never))).toMatchObject({ code: 'CW-QUEUE-NOT-FOUND' });
    expect(await failureOf(other.delete('x', never))).toMatchObject({ code: 'CW-QUEUE-NOT-FOUND' });
  });

  test('an unknown region is CW-QUEUE-NOT-FOUND and says so', async () => {
    vi.stubEnv('AWS_REGION', '');
    const found = await failureOf(sqsQueue({ url: sqs.queueUrl }).receive(60, never));
    expect(found).toMatchObject({ code: 'CW-QUEUE-NOT-FOUND', message: expect.stringContaining('AWS_REGION') });
  });

  test('a server that takes the call and never answers is CW-QUEUE-UNAVAILABLE after the time limit', async () => {
    const url = await answerAll(() => {});
    const work = (signal: AbortSignal): Promise<Response> => fetch(url, { signal });
    expect(await failureOf(call('Silence', work, never, { timeLimitMs: 50 }))).toMatchObject({
      code: 'CW-QUEUE-UNAVAILABLE',
      retryable: true,
      message: 'Silence: no answer within 0.05 s.',
    });
  });

  test('a server that is not there is CW-QUEUE-UNAVAILABLE', async () => {
    await sqs.close();
    expect(await failureOf(queue.receive(60, never))).toMatchObject({ code: 'CW-QUEUE-UNAVAILABLE', retryable: true });
  });

  test.each([
    ['503', 503, ''],
    ['throttling', 400, errorBody('RequestThrottled')],
    ['a login page of the network', 200, '<html>Welcome to the hotel</html>'],
  ])('%s is CW-QUEUE-UNAVAILABLE', async (_name, status, body) => {
    const url = await answerAll((_request, response) => response.writeHead(status, json).end(body));
    const other = sqsQueue({ url, endpoint: new URL(url).origin });
    expect(await failureOf(other.receive(60, never))).toMatchObject({ code: 'CW-QUEUE-UNAVAILABLE', retryable: true });
  });

  test('a signature error’s failure does not repeat the request’s headers', async () => {
    const canonical = 'The signature does not match.\n\nThe Canonical String was\nx-amz-security-token:SESSION-SECRET';
    const url = await answerAll((_request, response) => {
      response.writeHead(403, json).end(errorBody('SignatureDoesNotMatch', canonical));
    });
    const found = await failureOf(sqsQueue({ url, endpoint: new URL(url).origin }).receive(60, never));
    expect(found.code).toBe('CW-QUEUE-AUTH');
    expect(JSON.stringify(found)).not.toContain('SESSION-SECRET');
  });
});
