// No secret leaves the worker: a distinctive GitHub token and AWS secret are looked for everywhere after a run that ended well and one that did not, with real Aider.
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aiderCommand } from '../support/agent/aider-subject.ts';
import { filesWith, finderOf, watchCommandLines, type Watch } from '../support/canary.ts';
import { lastUserText, type Script } from '../support/ollama/script.ts';
import { readScenario, type Scenario, type ScenarioName } from '../support/scenario.ts';
import { startStage, type Filed, type Stage } from '../support/stage.ts';

const token = 'ghp_Canary7Zq3vXw9LmN4pRs8TtUuVvWwXxYy0';
const awsSecret = 'canary/Aws+Secret/9f8e7d6c5b4a39281706f5e4';
const awsSession = 'canary-aws-session-0a1b2c3d4e5f60718293';
const finds = finderOf([token, awsSecret, awsSession]);
const secretName = /^(?:GITHUB|GH|AWS)_/m;

/** What a nosy test prints: its environment, git's settings, and last, so that it is quoted, what it can see of the worker's environment. */
const nosy = `
import { readFileSync } from 'node:fs';
for (const [name, value] of Object.entries(process.env)) console.log('own:' + name + '=' + value);
for (const line of readFileSync('/proc/self/environ', 'utf8').split('\\0')) console.log('own:' + line);
console.log(readFileSync('.git/config', 'utf8'));
for (let pid = process.ppid; pid > 1; ) {
  try {
    const lines = readFileSync('/proc/' + pid + '/environ', 'utf8').split('\\0');
    for (const line of lines.filter((each) => /^(GITHUB|GH|AWS)_/.test(each))) console.log('above:' + line);
  } catch {}
  pid = Number(/^PPid:\\s*(\\d+)/m.exec(readFileSync('/proc/' + pid + '/status', 'utf8'))[1]);
}
`;

let stage: Stage;
let watch: Watch;
let published: Filed;
let failed: Filed;
const told: string[] = [];

beforeAll(async () => {
  const good = await withTitle('one-fix', '!touch owned-by-title');
  const bad = await withTitle('hopeless', 'Count the weeks');
  const script = [good, bad].flatMap((scenario) => scriptFor(scenario));
  watch = watchCommandLines();
  const secrets = { GH_TOKEN: token, AWS_SECRET_ACCESS_KEY: awsSecret, AWS_SESSION_TOKEN: awsSession };
  const github = { token };
  const config = { slots: 2, agent: { command: './nosy-aider' } };
  stage = await startStage(config, { script, github, environment: secrets, prepare: putNosyAider });
  published = await ask(good);
  failed = await ask(bad);
  await stage.settled(published);
  await stage.settled(failed);
  watch.stop();
  for (const { repository } of [published, failed]) {
    const cwd = stage.world.github.gitDirectory(repository);
    told.push((await execa('git', ['cat-file', '--batch-all-objects', '--batch', '--buffer'], { cwd })).stdout);
    told.push((await execa('git', ['for-each-ref'], { cwd })).stdout);
  }
});

afterAll(() => stage.close());

async function withTitle(name: ScenarioName, title: string): Promise<Scenario> {
  const scenario = await readScenario(name);
  const manifest = JSON.parse(scenario.files['package.json'] ?? '') as object; // our own file
  const files = {
    ...scenario.files,
    'nosy.mjs': nosy,
    'package.json': JSON.stringify({
      ...manifest,
      scripts: { test: 'node --test; status=$?; node nosy.mjs; exit $status' },
    }),
  };
  return { ...scenario, files, issue: { ...scenario.issue, title } };
}

/** The scenario's replies, for its own issue only. */
const scriptFor = ({ script, issue }: Scenario): Script =>
  script.map((reply) => ({
    ...reply,
    when: (messages) => [String(reply.when), issue.title].every((part) => lastUserText(messages).includes(part)),
  }));

async function ask({ name, files, issue }: Scenario): Promise<Filed> {
  const filed = await stage.file({ name, files, ...issue });
  await stage.send(filed.text);
  return filed;
}

/** Real Aider behind a script that writes down its environment and keeps a copy of all working copies as they are then. */
async function putNosyAider(folder: string): Promise<void> {
  const wrapper = join(folder, 'nosy-aider');
  const lines = [
    '#!/bin/sh',
    `cat /proc/self/environ | tr '\\0' '\\n' >>'${folder}/aider-environment'`,
    `[ ! -d '${folder}/workspaces' ] || cp -r '${folder}/workspaces' "${folder}/copy-$$"`,
    `exec '${aiderCommand}' "$@"`,
  ];
  await writeFile(wrapper, `${lines.join('\n')}\n`);
  await chmod(wrapper, 0o755);
}

test('the runs were what they should be', async () => {
  expect(await stage.world.github.pulls(published.repository)).toHaveLength(1);
  const comments = stage.world.github.comments(failed.repository, failed.number);
  expect(comments).toHaveLength(1);
  expect(comments[0]?.body).toContain('above:GH_TOKEN=[secret]');
});

test('no command line holds a secret', () => {
  const seen = [...watch.seen];
  for (const program of ['git-remote-http', 'aider', 'npm'])
    expect(seen.some((line) => line.includes(program))).toBe(true);
  expect(seen.filter((line) => finds(line))).toEqual([]);
});

test('no file of the worker holds a secret: state, logs, transcripts, working copies', async () => {
  const configs = (await execa('find', [stage.home.folder, '-path', '*copy-*', '-name', 'config'])).stdout;
  expect(configs).toContain('/.git/config');
  expect(configs).toContain('/store/config');
  expect(await filesWith(finds, stage.home.folder)).toEqual([]);
});

test('nothing that others can read holds a secret: queues, GitHub, git objects, standard output', async () => {
  const { github, sqs } = stage.world;
  const repositories = [published, failed].map(({ repository }) => repository);
  const all = [
    ...told,
    stage.worker.output(),
    JSON.stringify([await sqs.messages(), await sqs.deadLetters()]),
    JSON.stringify(github.requests),
    ...(await Promise.all(repositories.map(async (name) => JSON.stringify(await github.pulls(name))))),
    ...repositories.map((name) => JSON.stringify([github.comments(name, 1), github.issue(name, 1)])),
  ];
  expect(all.filter((text) => text.length > 2).length).toBeGreaterThan(6);
  expect(all.filter((text) => finds(text))).toEqual([]);
});

test('neither Aider nor the tests are given a variable of GitHub or AWS', async () => {
  const aider = await readFile(join(stage.home.folder, 'aider-environment'), 'utf8');
  expect(aider).toContain('OLLAMA_API_BASE=');
  expect(aider).not.toMatch(secretName);
  const logs = (await execa('find', [stage.home.state, '-name', 'verify-*.log'])).stdout.split('\n');
  expect(logs.length).toBeGreaterThan(4);
  for (const log of logs) {
    const text = await readFile(log, 'utf8');
    expect(text).toContain('own:PATH=');
    expect(text).not.toMatch(/^own:(?:GITHUB|GH|AWS)_/m);
    // A test can read the worker's own environment; what it prints of it is masked.
    expect(text).toContain('above:GH_TOKEN=[secret]');
  }
});

test('a title that is a command of Aider’s is no command', async () => {
  const found = await execa('find', [stage.home.folder, '-name', 'owned-by-title*']);
  expect(found.stdout).toBe('');
});

test.each([
  token,
  Buffer.from(`x-access-token:${token}`).toString('base64'),
  Buffer.from(`x:${awsSecret}\n`).toString('base64'),
  encodeURIComponent(awsSecret),
])('the search finds what is planted: %s', async (planted) => {
  const path = join(stage.home.state, 'planted');
  await writeFile(path, `before${planted}after`);
  expect(await filesWith(finds, stage.home.folder)).toEqual([path]);
  await rm(path);
});
