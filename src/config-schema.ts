// Every key of codingworker.yaml with its default. What a key means is said in codingworker.example.yaml; a test keeps the two equal.
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import {
  agentRunCeilingMs,
  agentRunMaxMs,
  contextTokensMax,
  contextTokensMin,
  freeDiskMegabytes,
  labelMaxChars,
  retryWaitMaxMs,
  retryWaitMs,
  slotsMax,
  taskCeilingMs,
  taskMaxMs,
} from './events/bounds.ts';
import { ollamaBaseUrl } from './services/agent/ollama-host.ts';

const minuteMs = 60_000;

/** An http(s) URL without a slash at its end. One that carries a user or password is refused: it would end up in logs. */
const httpUrl = z
  .string()
  .refine(isHttpUrl, { error: 'must be an http or https URL', abort: true })
  .refine((text) => new URL(text).username === '' && new URL(text).password === '', 'must not hold a user or password')
  .transform((text) => text.replace(/\/+$/, ''));

function isHttpUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol);
}

const text = z.string().refine((value) => value.trim() !== '', 'must not be empty');
const singleLine = text.regex(/^[^\p{Cc}<>]*$/u, 'must be one line without < and >');
/** Whatever OLLAMA_HOST may be to Ollama itself. */
const modelServer = z.string().refine((host) => ollamaBaseUrl(host) !== undefined, 'must be a host, host:port or URL');
const label = singleLine.max(labelMaxChars);
const repositoryPattern = z
  .string()
  .regex(/^(?:\*\/\*|[A-Za-z0-9][A-Za-z0-9_-]*\/(?:\*|[A-Za-z0-9._-]+))$/, 'must be owner/name, owner/* or */*');

const agentLimits = z.strictObject({
  agentMinutes: z
    .number()
    .positive()
    .max(agentRunCeilingMs / minuteMs)
    .default(agentRunMaxMs / minuteMs),
  taskMinutes: z
    .number()
    .positive()
    .max(taskCeilingMs / minuteMs)
    .default(taskMaxMs / minuteMs),
  retryWaitSeconds: z
    .number()
    .positive()
    .max(retryWaitMaxMs / 1000)
    .default(retryWaitMs / 1000),
  freeDiskMegabytes: z
    .int()
    .min(0)
    .max(1024 * 1024)
    .default(freeDiskMegabytes),
});

/** The file as a person writes it; `config.ts` makes the `Config` of it. */
export const configSchema = z.strictObject({
  queue: z
    .strictObject({
      url: httpUrl.optional(),
      region: z
        .string()
        .regex(/^[a-z0-9-]+$/, 'must be a region like eu-central-1')
        .optional(),
      endpoint: httpUrl.optional(),
      deadLetterUrl: httpUrl.optional(),
    })
    .prefault({}),
  slots: z.int().min(1).max(slotsMax).default(1),
  repositories: z.array(repositoryPattern).readonly().default(['*/*']),
  forge: z.enum(['octokit', 'gh']).default('octokit'),
  github: z
    .strictObject({
      apiUrl: httpUrl.default('https://api.github.com'),
      serverUrl: httpUrl.default('https://github.com'),
    })
    .prefault({}),
  agent: z
    .strictObject({
      command: text.default(installedAider),
      model: singleLine.default('ollama_chat/qwen2.5-coder:1.5b'),
      ollamaHost: modelServer.default('http://127.0.0.1:11434'),
      contextTokens: z.int().min(contextTokensMin).max(contextTokensMax).default(8192),
    })
    .prefault({}),
  limits: agentLimits.prefault({}),
  git: z
    .strictObject({
      authorName: singleLine.default('CodingWorker'),
      authorEmail: singleLine
        .regex(/^\S+@\S+$/, 'must be an e-mail address')
        .default('codingworker@users.noreply.github.com'),
    })
    .prefault({}),
  labels: z.strictObject({ done: label.default('ai-task-done'), failed: label.default('ai-task-failed') }).prefault({}),
  locale: z.enum(['en', 'ja']).default('en'),
  stateDirectory: text.default('state'),
  // No fixed default: config.ts derives a folder of the user's cache from the state directory.
  workspaceDirectory: text.optional(),
  workerId: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 of the characters A-Z a-z 0-9 . _ -')
    .default(
      () =>
        hostname()
          .replaceAll(/[^A-Za-z0-9._-]/g, '-')
          .slice(0, 64) || 'worker',
    ),
  log: z
    .strictObject({ level: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info') })
    .prefault({}),
});

/** Aider as `npm run setup` installs it beside this package, else the one on the PATH. */
function installedAider(): string {
  const ours = fileURLToPath(new URL('../.tools/aider/bin/aider', import.meta.url));
  return existsSync(ours) ? ours : 'aider';
}

/** Every key with its section (`queue.url`), sections included. */
export function configKeys(): string[] {
  return Object.entries(configSchema.shape).flatMap(([section, schema]) =>
    [section].concat(keysOf(schema).map((key) => `${section}.${key}`)),
  );
}

function keysOf(schema: z.core.$ZodType): string[] {
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape);
  return schema instanceof z.ZodPrefault ? keysOf(schema.unwrap()) : [];
}
