// The demo as a child process, in a folder and a temporary folder of its own, and in an environment that would mislead it if it looked.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { processesNaming } from './agent/processes-naming.ts';
import { until } from './worker-process.ts';

const demoFile = fileURLToPath(new URL('../../src/cli/demo.ts', import.meta.url));

/** Nothing listens on the discard port: whoever follows one of these fails. */
const nowhere = 'http://127.0.0.1:9';
const hostile: Readonly<Record<string, string>> = {
  CODINGWORKER_CONFIG: '/nonexistent/nonsense.yaml',
  CODINGWORKER_QUEUE_URL: `${nowhere}/1/real-queue`,
  CODINGWORKER_WORKSPACE_DIR: '/nonexistent/workspaces',
  LOG_LEVEL: 'nonsense',
  AWS_ACCESS_KEY_ID: 'AKIAREALLOOKINGKEY00',
  AWS_SECRET_ACCESS_KEY: 'a-real-looking-secret-of-the-user',
  AWS_SESSION_TOKEN: 'a-real-looking-session-of-the-user',
  AWS_PROFILE: 'production',
  AWS_REGION: 'us-east-1',
  AWS_ENDPOINT_URL: nowhere,
  GITHUB_TOKEN: 'ghp_realLookingTokenOfTheUser00000000000',
  GH_TOKEN: 'ghp_realLookingTokenOfTheUser00000000000',
  GITHUB_API_URL: nowhere,
  GITHUB_SERVER_URL: nowhere,
  OLLAMA_HOST: nowhere,
  HTTP_PROXY: nowhere,
  HTTPS_PROXY: nowhere,
  ALL_PROXY: nowhere,
  http_proxy: nowhere,
  https_proxy: nowhere,
  all_proxy: nowhere,
};

const result = z.strictObject({
  task: z.string(),
  state: z.string(),
  pr: z.string().nullable(),
  fixes: z.int(),
  agent: z.strictObject({ name: z.string(), version: z.string() }).nullable(),
  events: z.int(),
  seconds: z.number(),
  journal: z.string(),
  branch: z.string().nullable(),
  comment: z.string().nullable(),
});

export type DemoProcess = {
  /** Everything that it printed so far, both streams. */
  output: () => string;
  /** Waits until `question` answers; throws with the output when the demo has ended before. */
  until: <Answer>(question: () => Promise<Answer | undefined> | Answer | undefined) => Promise<Answer>;
  signal: (name: NodeJS.Signals) => void;
  /** Reads no more of its output, as `head` does when it has enough. */
  stopReading: () => void;
  /** Resolves with the exit status, or the signal's name. */
  exited: Promise<number | string>;
  /** The last line, parsed. */
  result: () => z.output<typeof result>;
  /** Working directory and what is below: everything that belongs to the demo names it. */
  folder: string;
  /** What is in its temporary folder. */
  leftovers: () => Promise<string[]>;
  /** Processes that name its folder. */
  processes: () => ReturnType<typeof processesNaming>;
  remove: () => Promise<void>;
};

export async function startDemo(args: readonly string[], extra: Record<string, string> = {}): Promise<DemoProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'codingworker-demo-test-'));
  const temporary = join(folder, 'tmp');
  await mkdir(temporary);
  const child = spawn(process.execPath, [demoFile, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, TMPDIR: temporary, ...hostile, ...extra },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const take = (chunk: string): void => void (text += chunk);
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);
  return {
    output: () => text,
    until: (question) =>
      until(
        () => {
          if (child.exitCode !== null) throw new Error(`The demo has ended:\n${text}`);
          return question();
        },
        () => text,
      ),
    signal: (name) => void child.kill(name),
    stopReading: () => void child.stdout.destroy(),
    exited: once(child, 'close').then(([status, signal]: unknown[]) => (status ?? signal) as number | string), // one of the two
    result: () => result.parse(JSON.parse(text.trimEnd().split('\n').at(-1) ?? '')),
    folder,
    leftovers: () => readdir(temporary),
    processes: () => processesNaming(folder),
    async remove() {
      child.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
