// Workers that must not start, or can reach GitHub with nothing: each says why at once, or keeps what it was given.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { failureCatalogue, type FailureCode } from '../../src/events/failure-codes.ts';
import { expectPublished, failureCodes } from '../support/endings.ts';
import { startStage, type Stage } from '../support/stage.ts';
import { makeHome, startWorker, until, type Home } from '../support/worker-process.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage({ workerId: 'first' });
});

afterAll(() => stage.close());

async function homeOf(): Promise<Home> {
  const home = await makeHome(stage.world);
  onTestFinished(home.remove);
  return home;
}

/** The worker ends by itself with status 1, and says code and hint on standard error. Returns what it said. */
async function expectRefused(home: Home, code: FailureCode, extra: Record<string, string> = {}): Promise<string> {
  const worker = startWorker(home, extra);
  expect(await worker.exited).toBe(1);
  expect(worker.output()).toContain(`${code}: `);
  expect(worker.output()).toContain(failureCatalogue[code].hint.en);
  expect(worker.output()).not.toContain('    at ');
  return worker.output();
}

test('without any token the worker does not start', async () => {
  const home = await homeOf();
  const said = await expectRefused(home, 'CW-GITHUB-AUTH', { GITHUB_TOKEN: '', GH_TOKEN: '' });
  expect(said).not.toContain('worker started');
});

test('three mistakes in the configuration are told at once, and nothing of their values', async () => {
  const home = await homeOf();
  await writeFile(
    join(home.folder, 'codingworker.yaml'),
    'slots: 99\nagnet:\n  model: x\nqueue:\n  url: hunter2secret\n',
  );
  const said = await expectRefused(home, 'CW-CONFIG-INVALID', { LOG_LEVEL: 'loud' });
  for (const part of ['line 1: slots', 'did you mean agent?', 'queue.url', 'LOG_LEVEL']) expect(said).toContain(part);
  expect(said).not.toContain('hunter2secret');
});

test('a queue must be named', async () => {
  const said = await expectRefused(await homeOf(), 'CW-CONFIG-INVALID', { CODINGWORKER_QUEUE_URL: '' });
  expect(said).toContain('CODINGWORKER_QUEUE_URL');
});

test('a state directory that cannot be one is named', async () => {
  const home = await homeOf();
  await writeFile(join(home.folder, 'a-file'), '');
  const said = await expectRefused(home, 'CW-CONFIG-INVALID', { CODINGWORKER_STATE_DIR: 'a-file' });
  expect(said).toContain(join(home.folder, 'a-file'));
});

test('a second worker on the same state is refused and told of the first, which works on', async () => {
  await until(
    async () => readFile(join(stage.home.state, 'worker.json'), 'utf8').catch(() => undefined),
    () => stage.worker.output(),
  );
  const said = await expectRefused(stage.home, 'CW-STATE-LOCKED');
  expect(said).toContain(`worker first (process ${stage.worker.child.pid}`);
  const filed = await stage.file({ name: 'locked' });
  await stage.send(filed.text);
  await expectPublished(stage, filed);
});

test('a revoked token loses nothing: the message comes back, then lies in the dead-letter queue, and the journal stays', async () => {
  const other = await startStage();
  onTestFinished(() => other.close());
  const filed = await other.file({ name: 'revoked' });
  other.world.github.revokeToken(other.world.github.token);
  await other.send(filed.text);
  for (const received of [1, 2, 3]) {
    const records = await other.settled(filed, received);
    expect(records.at(-1)).toMatchObject({ type: 'message.settled', data: { how: 'released' } });
    expect(new Set(failureCodes(records))).toEqual(new Set(['CW-GIT-AUTH', 'CW-GITHUB-AUTH']));
    await other.comesBack(filed);
  }
  expect(await other.inDeadLetters(filed)).toMatchObject({ body: filed.text });
  expect(await other.world.sqs.messages()).toEqual([]);
  expect((await other.records(filed)).filter(({ type }) => type === 'clone.failed')).toHaveLength(1);
  expect(other.world.github.comments(filed.repository, filed.number)).toEqual([]);
  expect(other.worker.child.exitCode).toBeNull();
});
