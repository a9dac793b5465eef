// The world around a worker, on the loopback interface: SQS, GitHub and Ollama, and the environment that points a worker at them.
import { randomUUID } from 'node:crypto';
import { startGitHub, type GitHub, type GitHubOptions } from './github/github.ts';
import { startOllama, type OllamaStandIn } from './ollama/ollama.ts';
import type { Script } from './ollama/script.ts';
import { startSqs, type SqsStandIn } from './sqs/sqs.ts';

export const model = 'qwen2.5-coder:1.5b';

export type World = {
  sqs: SqsStandIn;
  github: GitHub;
  ollama: OllamaStandIn;
  /** All that a worker needs to live in this world, but for its state directory. */
  environment: Record<string, string>;
  close: () => Promise<void>;
};

export type WorldFacts = { script?: Script; github?: GitHubOptions };

export async function startWorld({ script = [], github: options = {} }: WorldFacts = {}): Promise<World> {
  const [sqs, github, ollama] = await Promise.all([
    startSqs(),
    startGitHub(options),
    startOllama({ models: [model], script }),
  ]);
  const { url, apiUrl } = github.tls ?? github;
  const environment = {
    ...sqs.environment,
    GITHUB_TOKEN: github.token,
    GITHUB_SERVER_URL: url,
    GITHUB_API_URL: apiUrl,
    OLLAMA_HOST: ollama.url,
    // For gh, Node and git, in this order: git's library does not read the first on every system.
    ...(github.tls && {
      SSL_CERT_FILE: github.tls.caFile,
      NODE_EXTRA_CA_CERTS: github.tls.caFile,
      GIT_SSL_CAINFO: github.tls.caFile,
    }),
  };
  const close = async (): Promise<void> => {
    await Promise.all([sqs.close(), github.close(), ollama.close()]);
  };
  return { sqs, github, ollama, environment, close };
}

export type FiledIssue = { repository: string; number: number; title: string; body: string };

/** What the workflow sends for an issue that got the label. */
export function issueMessage(
  { repository, number, title, body }: FiledIssue,
  deliveryId: string = randomUUID(),
): string {
  return JSON.stringify({
    version: 1,
    type: 'issue',
    issue_number: number,
    repository,
    title,
    body,
    labels: ['ai-task'],
    created_at: new Date().toISOString(),
    issue_author: 'mei',
    delivery_id: deliveryId,
  });
}
