// A server that answers every call in one way: what SQS, or whatever stands before it, says when something is wrong.
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { CodedError, type Failure } from '../../../src/events/failure.ts';

/** Listens on the loopback interface until the test is over; returns the URL of a queue there. */
export async function answerAll(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  // A server that listens on an IP port has an AddressInfo.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/000000000000/tasks`;
}

export const json = { 'content-type': 'application/x-amz-json-1.0' };

/** An error as SQS's JSON protocol words it. */
export const errorBody = (name: string, message = name): string =>
  JSON.stringify({ __type: `com.amazonaws.sqs#${name}`, message });

/** The coded failure that the work ends in; anything else fails the test. */
export async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof CodedError) return error.failure;
  throw new Error('It did not fail as expected.', { cause: error });
}
