// SQS for tests and demo: fauxqs in this process, spoken to over HTTP on the loopback interface, as strict as SQS about keys.
import { EventEmitter } from 'node:events';
import { buildApp } from 'fauxqs';
import { inspectionOf, listed, type Inspection, type QueuedMessage } from './inspection.ts';
import { limitFlight } from './in-flight-limit.ts';
import { pollLikeSqs } from './long-poll.ts';

const region = 'eu-central-1';
const account = '000000000000';
const accessKeyId = 'AKIAEXAMPLEEXAMPLE00';

/** A task queue with its dead-letter queue. */
export type QueueStandIn = {
  queueUrl: string;
  deadLetterUrl: string;
  /** What lies in the queue, without receiving it. */
  messages(): Promise<QueuedMessage[]>;
  deadLetters(): Promise<QueuedMessage[]>;
  /** How many long polls wait for a message of this queue now: a worker that is idle holds one for each free slot. */
  waitingPolls(): number;
  /** Ends every lease now, or that of the messages with this body, as if its holder had died and the time had passed. */
  expireLeases(body?: string): Promise<void>;
};

export type SqsStandIn = QueueStandIn & {
  endpoint: string;
  region: string;
  /** All that a worker needs in its environment to use this queue, and nothing of the user's own AWS settings. */
  environment: Record<string, string>;
  /** Another queue of this name, with a dead-letter queue of its own. */
  addQueue(name: string): Promise<QueueStandIn>;
  /** Resolves when the next call of this name comes (`ReceiveMessage`), with the instant by `performance.now()`. */
  nextCall(action: string): Promise<number>;
  /** As if all that is in flight had been received this much earlier: the leases stay as they are, the 12 h that SQS allows come nearer. */
  pass(ms: number): void;
  close(): Promise<void>;
};

/** Starts it on 127.0.0.1 and a free port with a task queue and its dead-letter queue, which takes a message after 3 receives. `queue` adds attributes to the task queue. */
export async function startSqs({ queue = {} }: { queue?: Record<string, string> } = {}): Promise<SqsStandIn> {
  // fauxqs's own start function listens on every interface; the app alone leaves that to us.
  const app = buildApp({ logger: false, defaultRegion: region });
  const calls = new EventEmitter();
  app.addHook('onRequest', async ({ headers }) => {
    calls.emit(String(headers['x-amz-target']), performance.now());
  });
  app.addHook('preHandler', async (request, reply) => {
    if (request.method !== 'POST' || request.url !== '/') return;
    const problem = keyProblem(request.headers.authorization);
    if (problem !== undefined) {
      await reply
        .status(403)
        .header('content-type', 'application/x-amz-json-1.0')
        .header('x-amzn-query-error', `${problem};Sender`)
        .send({
          __type: `com.amazonaws.sqs#${problem}`,
          message: 'The security token included in the request is invalid.',
        });
    }
  });
  const must = async (action: string, body: object): Promise<void> => {
    const headers = requestHeaders(action);
    const answer = await app.inject({ method: 'POST', url: '/', headers, payload: JSON.stringify(body) });
    if (answer.statusCode !== 200) throw new Error(`${action}: ${answer.body}`);
  };
  const inspect = async (name: string): Promise<Inspection> => {
    const answer = await app.inject({ method: 'GET', url: `/_fauxqs/queues/${name}` });
    return inspectionOf(answer.json());
  };
  const polls = pollLikeSqs(app, async (url) => {
    const found = await app.inject({ method: 'GET', url: `/_fauxqs/queues/${url.split('/').at(-1)}` });
    // An unknown queue is fauxqs's to refuse, so the request goes on to it.
    return found.statusCode !== 200 || listed(inspectionOf(found.json())).some(({ state }) => state === 'ready');
  });
  const flight = limitFlight(app);
  const endpoint = await app.listen({ port: 0, host: '127.0.0.1' });
  const urlOf = (name: string): string => `${endpoint}/${account}/${name}`;
  const addQueue = async (name: string, attributes: Record<string, string> = {}): Promise<QueueStandIn> => {
    const deadLetters = `${name}-dlq`;
    const redrive = { deadLetterTargetArn: `arn:aws:sqs:${region}:${account}:${deadLetters}`, maxReceiveCount: 3 };
    await must('CreateQueue', { QueueName: deadLetters });
    await must('CreateQueue', {
      QueueName: name,
      Attributes: { RedrivePolicy: JSON.stringify(redrive), ...attributes },
    });
    const queueUrl = urlOf(name);
    return {
      queueUrl,
      deadLetterUrl: urlOf(deadLetters),
      messages: async () => listed(await inspect(name)),
      deadLetters: async () => listed(await inspect(deadLetters)),
      waitingPolls: () => polls.waiting(queueUrl),
      async expireLeases(body) {
        for (const { message, receiptHandle } of (await inspect(name)).inflight) {
          if (body !== undefined && message.body !== body) continue;
          const changed = { QueueUrl: queueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout: 0 };
          await must('ChangeMessageVisibility', changed).catch(async (error: unknown) => {
            // Deleted or given back since the look: it has no lease any more.
            const { inflight } = await inspect(name);
            if (inflight.some((left) => left.receiptHandle === receiptHandle)) throw error;
          });
        }
      },
    };
  };
  const tasks = await addQueue('codingworker-tasks', queue);

  return {
    ...tasks,
    endpoint,
    region,
    environment: {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: 'example-secret-of-the-sqs-stand-in',
      AWS_SESSION_TOKEN: '',
      AWS_PROFILE: '',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_REGION: region,
      AWS_ENDPOINT_URL_SQS: endpoint,
      CODINGWORKER_QUEUE_URL: tasks.queueUrl,
    },
    addQueue: (name) => addQueue(name),
    nextCall: (action) => new Promise((resolve) => calls.once(`AmazonSQS.${action}`, resolve)),
    pass: (ms) => flight.pass(ms),
    async close() {
      polls.stop();
      await app.close();
    },
  };
}

const requestHeaders = (action: string): Record<string, string> => ({
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-target': `AmazonSQS.${action}`,
  authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/${region}/sqs/aws4_request`,
});

/** The signature is not checked, only whose key signed. */
function keyProblem(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return 'MissingAuthenticationToken';
  return authorization.includes(`Credential=${accessKeyId}/`) ? undefined : 'InvalidClientTokenId';
}
