// The SDK's client, set up so that a queue's URL alone is enough to reach it.
import { SQSClient } from '@aws-sdk/client-sqs';
import { queueAttempts } from '../../events/bounds.ts';
import { coded } from '../../events/failure.ts';

export type SqsSettings = {
  url: string;
  /** Else read from the URL, else found by the SDK. */
  region?: string | undefined;
  /** Else the URL's own host. */
  endpoint?: string | undefined;
  /** Else found from the queue's redrive policy. */
  deadLetterUrl?: string | undefined;
};

/** Calls through this client throw `CW-QUEUE-NOT-FOUND` when no region is known, and the SDK's own errors. */
export function sqsClient({ url, region, endpoint }: SqsSettings): SQSClient {
  const { hostname, origin } = new URL(url);
  const known = region ?? /^sqs(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws|api\.aws)/.exec(hostname)?.[1];
  const client = new SQSClient({
    ...(known !== undefined && { region: known }),
    endpoint: endpoint ?? origin,
    maxAttempts: queueAttempts,
  });
  // Without a region the SDK throws an error that only its text tells from others.
  client.middlewareStack.add(
    (next) => async (request) => {
      await client.config.region().catch((cause: unknown) => {
        throw coded('CW-QUEUE-NOT-FOUND', `The region of ${url} is not known; set AWS_REGION.`, { cause });
      });
      return next(request);
    },
    { step: 'initialize' },
  );
  return client;
}
