// A pass that gives up leaves its reason and its own transcript behind, and the work where it was.
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { coded } from '../../src/events/failure.ts';
import type { FailureCode } from '../../src/events/failure-codes.ts';
import { passThatMayGiveUp, type Pass } from '../../src/worker/agent-pass.ts';
import { changed, issueTask } from '../support/tasks/facts.ts';
import { scriptedRuntime } from '../support/tasks/scripted-runtime.ts';

/** A fix pass whose agent fails in this way after it printed something. */
async function passThatFailsBy(code: FailureCode) {
  const { runtime, remove } = await scriptedRuntime({});
  onTestFinished(remove);
  const run = async ({ recordsDirectory }: { recordsDirectory: string }): Promise<never> => {
    const log = join(recordsDirectory, 'transcript.log');
    await writeFile(log, 'said too much');
    throw coded(code, 'no good', { evidence: { command: 'agent', exitCode: 0, outputTail: '', log } });
  };
  const pass: Pass = {
    task: issueTask,
    name: 'fix-1',
    directory: runtime.state.root,
    prompt: 'Repair',
    files: { edit: [], read: [] },
    parent: 'a',
    base: 'b',
    subject: 'Repair',
  };
  const adapted = { ...runtime, agent: { ...runtime.agent, run } };
  return passThatMayGiveUp(adapted, changed(), pass, new AbortController().signal);
}

it('goes on from the commit that was there, and says why', async () => {
  const outcome = await passThatFailsBy('CW-AGENT-EDIT-FORMAT');
  expect(outcome).toMatchObject({ head: changed().head, changed: false, gaveUp: { code: 'CW-AGENT-EDIT-FORMAT' } });
  expect(outcome.gaveUp?.evidence?.log).toBe('fix-1/transcript.log');
});

it('names its own transcript, not that of the pass before', async () => {
  const { transcript } = await passThatFailsBy('CW-AGENT-TOKEN-LIMIT');
  const sha256 = createHash('sha256').update('said too much').digest('hex');
  expect(transcript).toEqual({ name: 'fix-1/transcript.log', sha256 });
});

it('passes every other failure on, its log named as the journal names files', async () => {
  await expect(passThatFailsBy('CW-AGENT-TIMEOUT')).rejects.toMatchObject({
    failure: { code: 'CW-AGENT-TIMEOUT', evidence: { log: 'fix-1/transcript.log' } },
  });
});
