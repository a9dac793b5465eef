// Whatever a step brings back or fails with, and whoever let a secret slip into it: the journal, which tells all others, has none.
import { readFile } from 'node:fs/promises';
import { afterEach, expect, test } from 'vitest';
import { coded } from '../../src/events/failure.ts';
import { maskOf } from '../../src/services/process/mask.ts';
import { runTask } from '../../src/worker/run-task.ts';
import { finderOf } from '../support/canary.ts';
import { verified } from '../support/tasks/facts.ts';
import { acceptTask } from '../support/tasks/run-on-journal.ts';
import { scriptedRuntime, type EffectName, type Scripted } from '../support/tasks/scripted-runtime.ts';

const token = 'ghp_Canary7Zq3vXw9LmN4pRs8TtUuVvWwXxYy0';
const awsSecret = 'canary/Aws+Secret/9f8e7d6c5b4a39281706f5e4';
const awsSession = 'canary-aws-session-0a1b2c3d4e5f60718293';
const secrets = [token, awsSecret, awsSession];
const finds = finderOf(secrets);
const forms = secrets.flatMap((secret) => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(`x-access-token:${secret}`).toString('base64'),
]);
const leak = `it said ${forms.join(' and ')}.`;

const opened: Scripted[] = [];
afterEach(() => Promise.all(opened.splice(0).map(({ remove }) => remove())));

/** The journal of a task on scripted ports, as text. */
async function journalOf(facts: Parameters<typeof scriptedRuntime>[0]): Promise<string> {
  const made = await scriptedRuntime(facts);
  opened.push(made);
  const journal = await acceptTask(made.runtime);
  await runTask({ ...made.runtime, mask: maskOf(secrets) }, journal, new AbortController().signal);
  await journal.close();
  return readFile(journal.path, 'utf8');
}

const kinds: [name: string, error: () => Error][] = [
  ['a defect', () => new TypeError(leak)],
  ['a failure that passes', () => coded('CW-GITHUB-UNAVAILABLE', leak)],
  [
    'a failure with evidence',
    () =>
      coded('CW-AGENT-FAILED', leak, { evidence: { command: leak, exitCode: 1, outputTail: leak, log: 'agent.log' } }),
  ],
];
const effects: EffectName[] = ['clone', 'agent', 'commit', 'verify', 'push', 'pull request'];

test.each(kinds.flatMap(([kind, error]) => effects.map((effect) => ({ kind, error, effect }))))(
  '$kind with secrets in the step of $effect',
  async ({ error, effect }) => {
    const text = await journalOf({
      onEffect: (name) => {
        if (name === effect) throw error();
      },
    });
    expect(text).toContain('it said [secret]');
    expect(finds(text)).toBe(false);
  },
);

test('a comment that could not be posted, with secrets in the reason', async () => {
  const text = await journalOf({
    endings: ['failed'],
    onEffect: (name) => {
      if (name === 'clone') throw coded('CW-GIT-AUTH', 'refused');
      if (name === 'comment') throw coded('CW-GITHUB-UNAVAILABLE', leak);
    },
  });
  expect(text).toContain('report.failed');
  expect(finds(text)).toBe(false);
});

test('the output of a check that printed them', async () => {
  const { steps, notOffered } = verified('failed');
  for (const step of steps) step.outputTail = leak;
  const text = await journalOf({
    change: { verifier: { verify: async () => ({ verdict: 'failed', steps, notOffered }) } },
  });
  expect(text).toContain('it said [secret]');
  expect(finds(text)).toBe(false);
});
