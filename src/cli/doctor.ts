// `npm run doctor`: whether GitHub takes the token, Aider starts and Ollama has the model, before the first issue finds out.
//
// A command and not the worker's start: what it loads would stay in the memory of a worker that waits, a fifth of all it has.
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { Command } from 'commander';
import { findSecrets, openAgent, openForge } from '../compose.ts';
import { loadConfig } from '../config.ts';
import { failureOf } from '../events/failure.ts';
import { runCommand } from './run-command.ts';
import { stopOnSignals, unlessStopped } from './stop-on-signals.ts';

await runCommand(async () => {
  new Command('npm run doctor --')
    .description('Asks GitHub, Aider and Ollama whether a worker with this configuration can work with them.')
    .parse();
  const stop = new AbortController();
  stopOnSignals(stop, () => {});
  await unlessStopped(stop.signal, () => examine(stop.signal));
});

async function examine(signal: AbortSignal): Promise<void> {
  const config = await loadConfig({ environment: process.env, workingDirectory: process.cwd() });
  const secrets = await findSecrets(config, process.env, signal);
  // Not the worker's own, which may be running.
  await using scratch = await mkdtempDisposable(join(tmpdir(), 'codingworker-doctor-'));
  await Promise.all([
    show('GitHub', async () => {
      const login = await (await openForge(config, secrets)).viewer(signal);
      return `${config.github.serverUrl} knows the token as ${login}`;
    }),
    show('Agent', async () => {
      const { name, version, model } = await openAgent(config, secrets.mask, scratch.path).identify(signal);
      return `${name} ${version} with ${model} at ${config.agent.ollamaHost}`;
    }),
  ]);
  signal.throwIfAborted();
}

/** One line for what works; code, message and hint for what does not, and exit status 1. */
async function show(part: string, question: () => Promise<string>): Promise<void> {
  try {
    out(`${styleText('green', '✓')} ${part.padEnd(7)} ${await question()}`);
  } catch (error) {
    const { code, message, hint } = failureOf(error);
    out(`${styleText('red', '✗')} ${part.padEnd(7)} ${code}: ${message}\n  → ${hint}`);
    process.exitCode = 1;
  }
}

function out(text: string): void {
  process.stdout.write(`${text}\n`);
}
