// The agent port by Aider: probe the model, work on copies, run within the limit, judge what it said, take its edits over.
import { appendFile, readFile, rm } from 'node:fs/promises';
import { coded } from '../../events/failure.ts';
import type { AgentIdentity } from '../../events/outcomes.ts';
import type { Mask } from '../process/mask.ts';
import { ProgramNotFound, run, type RunResult } from '../process/run.ts';
import type { Agent, AgentRequest } from './agent.ts';
import { aiderArguments, aiderEnvironment } from './aider-command.ts';
import { aiderFiles, inputTokensMax, writeAiderFiles, type AiderFiles, type ModelFacts } from './aider-files.ts';
import { aiderVersion } from './aider-version.ts';
import { verdictOn } from './aider-verdict.ts';
import { ollamaBaseUrl } from './ollama-host.ts';
import { probeModel } from './ollama-probe.ts';
import { assertFits } from './prompt-size.ts';
import { makeRepository } from './view-repository.ts';
import { makeView, takeOver, type Takeover, type View } from './working-view.ts';

export type AiderSettings = {
  /** Path of the `aider` program, or its name on PATH. */
  command: string;
  /** Ollama's name of the model, for example `qwen2.5-coder:1.5b`. */
  model: string;
  /** Where Ollama listens, in any form of OLLAMA_HOST. */
  ollamaHost: string;
  /** Ollama's num_ctx, in tokens: prompt and answer together. */
  contextTokens: number;
  /** Aider's edit format; small models do best with whole files. */
  editFormat?: 'whole' | 'diff' | 'udiff';
  /** Absolute path of a folder that is the adapter's own. */
  scratch: string;
  mask: Mask;
};

/** Throws `CW-CONFIG-INVALID` when `ollamaHost` is no address. */
export function aiderAgent(settings: AiderSettings): Agent {
  const baseUrl = ollamaBaseUrl(settings.ollamaHost);
  if (baseUrl === undefined) {
    throw coded('CW-CONFIG-INVALID', `OLLAMA_HOST or agent.ollamaHost is no address: ${settings.ollamaHost}`);
  }
  const model: ModelFacts = {
    name: `ollama_chat/${settings.model}`,
    editFormat: settings.editFormat ?? 'whole',
    contextTokens: settings.contextTokens,
  };
  const version = aiderVersion(settings);
  const identify = async (signal: AbortSignal): Promise<AgentIdentity> => {
    const identity = { name: 'Aider', version: await version(signal), model: settings.model };
    await probeModel(baseUrl, settings.model, signal);
    return identity;
  };

  const runAider = async (request: AgentRequest, files: AiderFiles, view: View, signal: AbortSignal) => {
    try {
      return await run(
        {
          program: settings.command,
          args: aiderArguments({ ...view, files, model, ollamaBaseUrl: baseUrl, timeLimitMs: request.timeLimitMs }),
          cwd: view.directory,
          env: aiderEnvironment(files, baseUrl),
          timeLimitMs: request.timeLimitMs,
          logFile: files.transcript,
          mask: settings.mask,
        },
        signal,
      );
    } catch (error) {
      if (error instanceof ProgramNotFound) throw notInstalled(settings.command, error);
      throw error;
    }
  };

  /** A failed run is the model server's failure when that has gone meanwhile. */
  const judge = async (result: RunResult, files: AiderFiles, signal: AbortSignal): Promise<void> => {
    const verdict = verdictOn(await readFile(files.transcript, 'utf8'), result.exitCode);
    if (!result.timedOut && verdict === undefined) return;
    await probeModel(baseUrl, settings.model, signal);
    const { exitCode, outputTail } = result;
    const evidence = { command: 'aider', exitCode, outputTail, log: files.transcript };
    if (result.timedOut) {
      const seconds = Math.round(result.durationMs / 1000);
      throw coded('CW-AGENT-TIMEOUT', `Aider did not end within its limit and was stopped after ${seconds} s.`, {
        evidence,
      });
    }
    if (verdict !== undefined) throw coded(verdict.code, settings.mask(verdict.message), { evidence });
  };

  return {
    identify,
    async run(request, signal) {
      assertPromptIsText(request.prompt);
      const agent = await identify(signal);
      const files = aiderFiles(request.recordsDirectory);
      const view = await makeView(request, files.view);
      try {
        await assertFits(request.prompt, view, inputTokensMax(model.contextTokens));
        await makeRepository(view.directory, files.git);
        await writeAiderFiles(files, request.prompt, model);
        const result = await runAider(request, files, view, signal);
        await judge(result, files, signal);
        const takeover = await takeOver(request, view);
        await appendFile(files.transcript, settings.mask(notes(view, takeover)));
      } finally {
        const scratch = [files.view, files.git, files.home];
        await Promise.all(scratch.map((folder) => rm(folder, { recursive: true, force: true })));
      }
      return { agent, transcript: files.transcript };
    },
  };
}

/** Aider takes a message that begins with these for a command, and `!` for a shell command, even from a file (Aider 0.86, commands.py). */
function assertPromptIsText(prompt: string): void {
  if (/^\s*[!/]/.test(prompt) || prompt.trim() === '') {
    throw new TypeError('a prompt begins with text of ours, never with !, / or nothing');
  }
}

const notInstalled = (command: string, cause: unknown): Error =>
  coded('CW-AGENT-NOT-INSTALLED', `Aider could not be started as ${command}.`, { cause });

function notes(view: View, { refused }: Takeover): string {
  const lines = [
    ...view.leftOut.map((path) => `Not given to Aider: ${path}`),
    ...refused.map(({ path, reason }) => `Not taken over: ${path} (${reason})`),
  ];
  return lines.map((line) => `\n[codingworker] ${line}`).join('');
}
