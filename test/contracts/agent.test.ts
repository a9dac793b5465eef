// What every agent must keep to, whoever edits: Aider, or a function of ours.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Agent, AgentRequest } from '../../src/services/agent/agent.ts';
import { startAiderSubject, type AiderSubject } from '../support/agent/aider-subject.ts';
import { workCopy, type WorkCopy } from '../support/agent/work-copy.ts';
import { replyWithFiles } from '../support/ollama/reply-with-files.ts';
import { stubAgent } from '../support/stub-agent.ts';

const startMaxMs = 60_000;

type Job = 'edit the greeting' | 'add a farewell' | 'do nothing';

/** What the agent is told, and the files that it then writes. */
const jobs: Readonly<Record<Job, Record<string, string>>> = {
  'edit the greeting': { 'src/greet.js': "export const greet = () => 'hello';\n" },
  'add a farewell': { 'src/more/bye.js': "export const bye = () => 'bye';\n" },
  'do nothing': {},
};

const start = { 'src/greet.js': "export const greet = () => 'hi';\n", 'README.md': 'Says hi.\n' };

let aider: AiderSubject;
beforeAll(async () => {
  const script = Object.entries(jobs).map(([when, files]) => ({
    when,
    answer: Object.keys(files).length === 0 ? 'I need nothing changed.' : replyWithFiles(files),
  }));
  aider = await startAiderSubject(script);
  await aider.agent.identify(new AbortController().signal);
}, startMaxMs);
afterAll(() => aider.ollama.close());

const stub = stubAgent(async ({ prompt, directory }) => {
  const files = Object.entries(jobs).find(([job]) => prompt.includes(job))?.[1] ?? {};
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), content);
  }
});

const agents: [string, () => Agent][] = [
  ['Aider', () => aider.agent],
  ['the stub', () => stub],
];

const requestFor = (copy: WorkCopy, job: Job): AgentRequest => ({
  directory: copy.directory,
  recordsDirectory: copy.recordsDirectory,
  prompt: `Please do this: ${job}.`,
  editFiles: ['src/greet.js'],
  readFiles: ['README.md'],
  timeLimitMs: startMaxMs,
});

async function newCopy(): Promise<WorkCopy> {
  const copy = await workCopy(start);
  onTestFinished(() => copy.remove());
  return copy;
}

describe.each(agents)('%s as an agent', (_name, agentOf) => {
  const signal = new AbortController().signal;

  it('says its name, version and model', async () => {
    const identity = await agentOf().identify(signal);
    expect(identity).toEqual({
      name: expect.stringMatching(/^\w+$/),
      version: expect.stringMatching(/^\d/),
      model: expect.stringMatching(/./),
    });
  });

  it(
    'edits a given file, commits nothing, and keeps its transcript outside the working copy',
    async () => {
      const copy = await newCopy();
      const done = await agentOf().run(requestFor(copy, 'edit the greeting'), signal);
      expect(await copy.status()).toEqual([' M src/greet.js']);
      expect(await readFile(join(copy.directory, 'src/greet.js'), 'utf8')).toBe(
        jobs['edit the greeting']['src/greet.js'],
      );
      expect(await copy.git('rev-list', '--count', 'HEAD')).toBe('1\n');
      expect(done.agent).toEqual(await agentOf().identify(signal));
      expect(done.transcript.startsWith(`${copy.recordsDirectory}/`)).toBe(true);
      expect(await readFile(done.transcript, 'utf8')).not.toBe('');
    },
    startMaxMs,
  );

  it(
    'makes a new file with its folder',
    async () => {
      const copy = await newCopy();
      await agentOf().run(requestFor(copy, 'add a farewell'), signal);
      expect(await copy.status()).toEqual(['?? src/more/bye.js']);
    },
    startMaxMs,
  );

  it(
    'resolves when it changed nothing, and the diff says so',
    async () => {
      const copy = await newCopy();
      await agentOf().run(requestFor(copy, 'do nothing'), signal);
      expect(await copy.status()).toEqual([]);
    },
    startMaxMs,
  );

  it('does nothing under a signal that is already aborted, and rejects with its reason', async () => {
    const copy = await newCopy();
    const reason = new Error('stopping');
    const request = requestFor(copy, 'edit the greeting');
    await expect(agentOf().run(request, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(await copy.status()).toEqual([]);
  });
});
