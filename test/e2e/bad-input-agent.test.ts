// Agents that do nothing, hang, break or go where they must not; and machines that lack what the agent or the verification needs.
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { FailureCode } from '../../src/events/failure-codes.ts';
import { processesNaming } from '../support/agent/processes-naming.ts';
import { fakeAider } from '../support/fake-aider/fake-aider.ts';
import { expectExplained, expectPublished, expectStillWorking, failureCodes } from '../support/endings.ts';
import { branchesOf } from '../support/github/bare-repository.ts';
import { until } from '../support/worker-process.ts';
import { startStage, type Filed, type Stage } from '../support/stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage({ limits: { agentMinutes: 0.07, retryWaitSeconds: 0.05 } });
});

afterAll(() => stage.close());

async function asked(to: Stage, name: string, wish = ''): Promise<Filed> {
  const filed = await to.file({ name, body: `Please change greet.\n${wish === '' ? '' : `agent: ${wish}`}` });
  await to.send(filed.text);
  return filed;
}

const failing: readonly [wish: string, code: FailureCode][] = [
  ['change nothing', 'CW-AGENT-NO-CHANGE'],
  ['crash', 'CW-AGENT-FAILED'],
  ['write outside', 'CW-AGENT-UNSAFE-CHANGE'],
  ['link out', 'CW-AGENT-NO-CHANGE'],
];

test.concurrent.each(failing)('an agent that shall %s is explained, and nothing pushed', async (wish, code) => {
  const filed = await asked(stage, wish.replaceAll(' ', '-'), wish);
  await expectExplained(stage, filed, code);
  const branches = await branchesOf(stage.world.github.gitDirectory(filed.repository));
  expect([...branches.keys()]).toEqual(['main']);
});

test.concurrent('a hung agent is ended with all that it started, and explained', async () => {
  const filed = await asked(stage, 'hang', 'hang');
  const hanging = async (): Promise<number[]> => {
    const found = await processesNaming(['sleep', '600'].join('\0'));
    return found.filter(({ environment }) => environment.includes(`HOME=${stage.home.folder}`)).map(({ pid }) => pid);
  };
  await until(
    async () => ((await hanging()).length > 0 ? true : undefined),
    () => stage.worker.output(),
  );
  await expectExplained(stage, filed, 'CW-AGENT-TIMEOUT');
  expect(await hanging()).toEqual([]);
});

test('after all of them the worker does the next task', () => expectStillWorking(stage));

/** A stage of its own for a machine that lacks something. */
async function on(...facts: Parameters<typeof startStage>): Promise<Stage> {
  const other = await startStage(...facts);
  onTestFinished(() => other.close());
  return other;
}

test('an agent that is not installed is explained', async () => {
  const other = await on({ agent: { command: '/nonexistent/aider' } });
  await expectExplained(other, await asked(other, 'missing'), 'CW-AGENT-NOT-INSTALLED');
});

test('a model that was not pulled is explained', async () => {
  const other = await on({ agent: { command: fakeAider, model: 'ollama_chat/qwen2.5-coder:32b' } });
  const comment = await expectExplained(other, await asked(other, 'unpulled'), 'CW-MODEL-NOT-PULLED');
  expect(comment).toContain('qwen2.5-coder:32b');
});

test('without Ollama the message is given back, and the task ends well when Ollama is there', async () => {
  const other = await on({}, { environment: { OLLAMA_HOST: '127.0.0.1:9' } });
  const filed = await asked(other, 'model');
  const records = await other.settled(filed);
  expect(records.at(-1)).toMatchObject({ data: { how: 'released' } });
  expect(new Set(failureCodes(records))).toEqual(new Set(['CW-MODEL-UNREACHABLE']));
  expect(other.world.github.comments(filed.repository, filed.number)).toEqual([]);
  await other.restart();
  await other.comesBack(filed);
  await other.settled(filed, 2);
  await expectPublished(other, filed);
});

test('a missing tool of the verification is named', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'codingworker-tools-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  // What git and the stand-in for Aider need, and nothing of Node's.
  for (const tool of ['git', 'sed', 'head', 'cut']) await symlink(await pathOf(tool), join(folder, tool));
  const other = await on({}, { environment: { PATH: folder } });
  const comment = await expectExplained(other, await asked(other, 'tool'), 'CW-VERIFY-TOOL-MISSING');
  expect(comment).toContain('npm');
});

async function pathOf(program: string): Promise<string> {
  const { stdout } = await execa('/bin/sh', ['-c', 'command -v "$0"', program]);
  return stdout;
}

test('a task that takes too long is explained', async () => {
  const other = await on({ limits: { taskMinutes: 0.02, retryWaitSeconds: 0.05 } });
  await expectExplained(other, await asked(other, 'slow', 'hang'), 'CW-TASK-TIMEOUT');
});
