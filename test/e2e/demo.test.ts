// The demo as a new user runs it, with real Aider: every scenario tells the truth about its world, and nothing of the user's is used or left behind.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { failureCatalogue } from '../../src/events/failure-codes.ts';
import { readJournal } from '../../src/services/journal/read-journal.ts';
import { startDemo, type DemoProcess } from '../support/demo-process.ts';
import { startOllama } from '../support/ollama/ollama.ts';
import { readScenario, type ScenarioName } from '../support/scenario.ts';
import { model } from '../support/world.ts';

/** Aider starts a dozen times, several at once. */
vi.setConfig({ testTimeout: 300_000 });

async function demo(...facts: Parameters<typeof startDemo>): Promise<DemoProcess> {
  const started = await startDemo(...facts);
  onTestFinished(started.remove);
  return started;
}

async function expectNothingLeft(played: DemoProcess): Promise<void> {
  expect(await played.leftovers()).toEqual([]);
  expect(await played.processes()).toEqual([]);
}

const stories: readonly [name: ScenarioName, fixes: number][] = [
  ['one-fix', 1],
  ['csv', 0],
  ['bugfix', 0],
];

test.concurrent.each(stories)('%s ends in a pull request after %i fixes', async (name, fixes) => {
  const played = await startDemo(['--scenario', name, '--json']);
  try {
    expect(await played.exited).toBe(0);
    await expectPullRequestOf(played, name, fixes);
    await expectNothingLeft(played);
  } finally {
    await played.remove();
  }
});

async function expectPullRequestOf(played: DemoProcess, name: ScenarioName, fixes: number): Promise<void> {
  const told = played.result();
  expect(told).toMatchObject({ state: 'published', fixes, branch: 'ai/issue-1', comment: null });
  expect(told.agent).toEqual({ name: 'Aider', version: expect.stringMatching(/^\d+\.\d+/) as string });
  expect(told.pr).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:\\d+/${(await readScenario(name)).repository}/pull/2$`));
  expect(told.seconds).toBeGreaterThan(0);
  await expectJournalOf(played, 'publish.done');
  for (const part of ['Closes #1', 'diff --git']) expect(played.output()).toContain(part);
}

test.concurrent('hopeless ends in one comment, with no pull request and no branch', async () => {
  const played = await startDemo(['--scenario', 'hopeless', '--json']);
  try {
    expect(await played.exited).toBe(0);
    const told = played.result();
    expect(told).toMatchObject({ state: 'failed-permanent', pr: null, branch: null, fixes: 3 });
    expect(told.comment).toMatch(/\/issues\/1#issuecomment-\d+$/);
    await expectJournalOf(played, 'report.done');
    const hint = failureCatalogue['CW-VERIFY-TEST'].hint.en;
    // What is shown is broken into the terminal's lines.
    const shown = played.output().replaceAll(/\s+/g, ' ');
    for (const part of ['CW-VERIFY-TEST', hint, 'npm run test', 'not ok', `npm run replay -- ${told.task}`]) {
      expect(shown).toContain(part);
    }
    await expectNothingLeft(played);
  } finally {
    await played.remove();
  }
});

async function expectJournalOf(played: DemoProcess, last: string): Promise<void> {
  const told = played.result();
  const { records } = readJournal(await readFile(told.journal), basename(told.journal));
  expect(records).toHaveLength(told.events);
  expect(records.map(({ type }) => type)).toContain(last);
  expect(records.at(-1)).toMatchObject({ type: 'message.settled', task: told.task, data: { how: 'deleted' } });
}

test('first-try with --keep shows its pull request in a browser until Ctrl-C', async () => {
  const played = await demo(['--scenario', 'first-try', '--keep', '--json']);
  await played.until(() => (played.output().includes('Ctrl-C ends it') ? true : undefined));
  const url = await played.until(() => / pull request {4}(\S+)/.exec(played.output())?.[1]);
  const page = await fetch(url);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('What was observed');
  const [, git = '', password = ''] = / git +(\S+\.git) {2}\(any user, password (\S+)\)/.exec(played.output()) ?? [];
  const refs = await fetch(`${git}/info/refs?service=git-upload-pack`, {
    headers: { authorization: `Basic ${btoa(`me:${password}`)}` },
  });
  expect(await refs.text()).toContain('refs/heads/ai/issue-1');
  played.signal('SIGINT');
  expect(await played.exited).toBe(0);
  await expectPullRequestOf(played, 'first-try', 0);
  expect(played.result().pr).toBe(url);
  await expectNothingLeft(played);
});

test('Ctrl-C in the middle ends it and Aider with it', async () => {
  const played = await demo([]);
  const aider = await played.until(async () =>
    (await played.processes()).find(({ environment }) => environment.includes('OLLAMA_API_BASE=')),
  );
  expect(aider.environment).not.toMatch(/^(?:AWS|GITHUB|GH)_/m);
  played.signal('SIGINT');
  expect(await played.exited).toBe(130);
  expect(played.output()).not.toContain('    at ');
  await expectNothingLeft(played);
});

test('when nobody reads its output any more it ends, and leaves nothing', async () => {
  const played = await demo([]);
  await played.until(() => (played.output().includes('queued as task') ? true : undefined));
  played.stopReading();
  expect(await played.exited).toBe(130);
  expect(played.output()).not.toContain('EPIPE');
  await expectNothingLeft(played);
});

test('--ollama without a server says so at once', async () => {
  const played = await demo(['--ollama'], { OLLAMA_HOST: '127.0.0.1:9' });
  expect(await played.exited).toBe(1);
  expect(played.output()).toContain('CW-MODEL-UNREACHABLE: ');
  expect(played.output()).toContain(failureCatalogue['CW-MODEL-UNREACHABLE'].hint.en);
  expect(played.output()).not.toContain('queued as task');
});

test('--ollama takes the model from where OLLAMA_HOST says', async () => {
  const { script } = await readScenario('first-try');
  const ollama = await startOllama({ models: [model], script });
  onTestFinished(() => ollama.close());
  const played = await demo(['--scenario', 'first-try', '--ollama', '--json'], { OLLAMA_HOST: ollama.url });
  expect(await played.exited).toBe(0);
  expect(played.result().state).toBe('published');
  expect(ollama.chats).toHaveLength(2);
});
