// SQS's limit of 12 h for a message in flight, counted from its receive, which fauxqs does not know; and hours that pass at once.
import type { buildApp } from 'fauxqs';
import { z } from 'zod';
import { inFlightMaxSeconds } from '../../../src/events/bounds.ts';

type App = ReturnType<typeof buildApp>;

const received = z.looseObject({ Messages: z.array(z.looseObject({ ReceiptHandle: z.string() })).optional() });
const extension = z.looseObject({ ReceiptHandle: z.string(), VisibilityTimeout: z.number() });

export type InFlightLimit = {
  /** As if everything that is in flight had been received this much earlier. */
  pass(ms: number): void;
};

/** Refuses, in SQS's own words, a visibility that would end later than the limit. */
export function limitFlight(app: App): InFlightLimit {
  const receivedAt = new Map<string, number>();
  app.addHook('onSend', async (request, _reply, payload) => {
    if (request.headers['x-amz-target'] !== 'AmazonSQS.ReceiveMessage' || typeof payload !== 'string') return;
    for (const { ReceiptHandle } of received.parse(JSON.parse(payload)).Messages ?? []) {
      receivedAt.set(ReceiptHandle, Date.now());
    }
  });
  app.addHook('preHandler', async (request, reply) => {
    if (reply.sent || request.headers['x-amz-target'] !== 'AmazonSQS.ChangeMessageVisibility') return;
    const { ReceiptHandle, VisibilityTimeout: seconds } = extension.parse(request.body);
    const since = receivedAt.get(ReceiptHandle);
    if (since === undefined || Date.now() - since + seconds * 1000 <= inFlightMaxSeconds * 1000) return;
    const limit = `Total VisibilityTimeout for the message is beyond the limit [${inFlightMaxSeconds} seconds]`;
    await reply
      .status(400)
      .header('content-type', 'application/x-amz-json-1.0')
      .header('x-amzn-query-error', 'InvalidParameterValue;Sender')
      .send({
        __type: 'com.amazonaws.sqs#InvalidParameterValue',
        message: `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: ${limit}`,
      });
  });
  return {
    pass(ms) {
      for (const [receipt, instant] of receivedAt) receivedAt.set(receipt, instant - ms);
    },
  };
}
