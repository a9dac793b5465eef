// The configuration: defaults, what wins, and one failure that lists all that is wrong.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isMap, parseDocument, type Document } from 'yaml';
import { configKeys } from '../../src/config-schema.ts';
import { isAllowed, loadConfig, requireQueueUrl, type Config } from '../../src/config.ts';
import { CodedError } from '../../src/events/failure.ts';

const example = path.resolve(import.meta.dirname, '../../codingworker.example.yaml');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'config-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Loads it from a codingworker.yaml of this content, or from none. */
async function load(yaml?: string, environment: NodeJS.ProcessEnv = {}): Promise<Config> {
  const file = path.join(folder, 'codingworker.yaml');
  await (yaml === undefined ? rm(file, { force: true }) : writeFile(file, yaml));
  return loadConfig({ environment, workingDirectory: folder });
}

/** The problems, one a line. */
async function problems(yaml?: string, environment: NodeJS.ProcessEnv = {}): Promise<string[]> {
  const error: unknown = await load(yaml, environment).catch((thrown: unknown) => thrown);
  if (!(error instanceof CodedError)) throw new Error('It was accepted, or is a defect.', { cause: error });
  expect(error.failure.code).toBe('CW-CONFIG-INVALID');
  return error.failure.message.split('\n- ').slice(1);
}

describe('values', () => {
  test('without a file and an environment all is default', async () => {
    expect(await load()).toMatchObject({
      queue: {},
      slots: 1,
      repositories: ['*/*'],
      forge: 'octokit',
      github: { apiUrl: 'https://api.github.com', serverUrl: 'https://github.com' },
      limits: { agentRunMs: 600_000, taskMs: 3_600_000, retryWaitMs: 10_000 },
      locale: 'en',
      stateDirectory: path.join(folder, 'state'),
      log: { level: 'info' },
    });
  });

  test.each(['', '# nothing\n', 'queue:\nslots:\nagent:\n  model:\n'])(
    'the empty file %j leaves the defaults',
    async (yaml) => {
      expect(await load(yaml)).toEqual(await load());
    },
  );

  test('the environment wins over the file, and an empty variable does not count', async () => {
    const yaml = 'queue: {url: "https://a.example/1/file", region: eu-west-1}\nlog: {level: debug}\n';
    const environment = {
      CODINGWORKER_QUEUE_URL: 'https://b.example/1/env',
      AWS_REGION: '',
      AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:4566/',
      GITHUB_API_URL: 'http://127.0.0.1:1/api',
      GITHUB_SERVER_URL: 'http://127.0.0.1:2',
      OLLAMA_HOST: '0.0.0.0:11500',
      CODINGWORKER_STATE_DIR: 'elsewhere',
      LOG_LEVEL: 'warn',
    };
    expect(await load(yaml, environment)).toMatchObject({
      queue: { url: 'https://b.example/1/env', region: 'eu-west-1', endpoint: 'http://127.0.0.1:4566' },
      github: { apiUrl: 'http://127.0.0.1:1/api', serverUrl: 'http://127.0.0.1:2' },
      agent: { ollamaHost: '0.0.0.0:11500' },
      stateDirectory: path.join(folder, 'elsewhere'),
      log: { level: 'warn' },
    });
  });

  test.each([
    { GITHUB_API_URL: 'https://ghe.example/api/v3' },
    { GITHUB_SERVER_URL: 'https://ghe.example' },
    { GITHUB_SERVER_URL: 'https://ghe.example', GITHUB_API_URL: 'https://api.github.com' },
  ])('%j would send the token to two different GitHubs, and is refused', async (environment) => {
    await expect(load('', environment)).rejects.toThrow(
      /CW-CONFIG-INVALID.*\n.*GITHUB_API_URL.*GITHUB_SERVER_URL.*set both/,
    );
  });

  test('CODINGWORKER_CONFIG names another file, which must exist then', async () => {
    await writeFile(path.join(folder, 'mine.yaml'), 'slots: 3\n');
    expect(await load('slots: 2\n', { CODINGWORKER_CONFIG: 'mine.yaml' })).toMatchObject({ slots: 3 });
    expect(await problems('slots: 2\n', { CODINGWORKER_CONFIG: 'gone.yaml' })).toEqual([
      'CODINGWORKER_CONFIG: gone.yaml cannot be read (ENOENT)',
    ]);
  });

  test('limits may be fractions', async () => {
    const { limits } = await load('limits: {agentMinutes: 0.5, taskMinutes: 1.5, retryWaitSeconds: 0.01}\n');
    expect(limits).toMatchObject({ agentRunMs: 30_000, taskMs: 90_000, retryWaitMs: 10 });
  });

  test('a path becomes absolute, so that no repository can put a program in its place; a name stays a name', async () => {
    expect((await load('agent: {command: ./bin/aider}\n')).agent.command).toBe(path.join(folder, 'bin/aider'));
    expect((await load('agent: {command: ~/bin/aider}\n')).agent.command).toBe(path.join(homedir(), 'bin/aider'));
    expect((await load('agent: {command: aider}\n')).agent.command).toBe('aider');
  });

  test('the queue’s URL is asked for only by those who need it', async () => {
    expect(requireQueueUrl(await load('queue: {url: "https://a.example/1/q"}\n'))).toBe('https://a.example/1/q');
    const without = await load('');
    expect(() => requireQueueUrl(without)).toThrow(/CW-CONFIG-INVALID.*\n.*queue\.url.*CODINGWORKER_QUEUE_URL/);
  });

  test('its absence is told with all the other problems to those who need it', async () => {
    await writeFile(path.join(folder, 'codingworker.yaml'), 'slots: 99\n');
    const loaded = loadConfig({ environment: {}, workingDirectory: folder, needs: 'queue' });
    await expect(loaded).rejects.toThrow(/slots: .*\n- queue\.url: .*CODINGWORKER_QUEUE_URL$/);
    const environment = { CODINGWORKER_QUEUE_URL: 'https://a.example/1/q' };
    await writeFile(path.join(folder, 'codingworker.yaml'), '');
    await expect(loadConfig({ environment, workingDirectory: folder, needs: 'queue' })).resolves.toBeDefined();
  });
});

describe('repositories', () => {
  test.each([
    ['*/*', 'any/thing', true],
    ['octo/app', 'octo/app', true],
    ['octo/app', 'Octo/APP', true],
    ['Octo/App', 'octo/app', true],
    ['octo/app', 'octo/app2', false],
    ['octo/app', 'xocto/app', false],
    ['octo/*', 'OCTO/other', true],
    ['octo/*', 'octopus/other', false],
    ['octo/*', 'octo/a/b', false],
    ['octo/*', 'octo/', false],
    ['octo/a.b', 'octo/axb', false],
  ])('%s and %s: %s', async (pattern, repository, allowed) => {
    expect(isAllowed(await load(`repositories: ["${pattern}"]\n`), repository)).toBe(allowed);
  });

  test('an empty list allows none', async () => {
    expect(isAllowed(await load('repositories: []\n'), 'a/b')).toBe(false);
  });
});

describe('problems', () => {
  test('all of file and environment are listed, each with its line or variable', async () => {
    const yaml = 'slots: 9\nqueue:\n  url: nonsense\nlimits: {taskMinutes: 0}\nrepositories: [a/b, c]\nforge: gitlab\n';
    expect(await problems(yaml, { AWS_REGION: 'no region', LOG_LEVEL: 'loud' })).toEqual([
      'codingworker.yaml, line 3: queue.url: must be an http or https URL',
      'codingworker.yaml, line 1: slots: must be at most 8',
      'codingworker.yaml, line 5: repositories[1]: must be owner/name, owner/* or */*',
      'codingworker.yaml, line 6: forge: must be one of octokit, gh',
      'codingworker.yaml, line 4: limits.taskMinutes: must be more than 0',
      'AWS_REGION: must be a region like eu-central-1',
      'LOG_LEVEL: must be one of fatal, error, warn, info, debug, trace, silent',
    ]);
  });

  test.each([
    ['slot: 1', 'line 1: slot: unknown key; did you mean slots?'],
    ['agent: {context_tokens: 1}', 'line 1: agent.context_tokens: unknown key; did you mean agent.contextTokens?'],
    ['agent: {contextToken: 1}', 'line 1: agent.contextToken: unknown key; did you mean agent.contextTokens?'],
    ['agnet: {model: x}', 'line 1: agnet: unknown key; did you mean agent?'],
    ['queue: {ulr: x}', 'line 1: queue.ulr: unknown key; did you mean queue.url?'],
    ['model: x', 'line 1: model: unknown key; did you mean agent.model?'],
    ['frobnicate: 1', 'line 1: frobnicate: unknown key; codingworker.example.yaml shows every key'],
  ])('the unknown key of %s is told its nearest right name', async (yaml, says) => {
    expect(await problems(`${yaml}\n`)).toEqual([`codingworker.yaml, ${says}`]);
  });

  test.each(['token', 'github_token', 'password', 'awsSecretAccessKey', 'accessKeyId', 'apiKey', 'credentials'])(
    'the key %s is sent to the environment, its value not repeated',
    async (key) => {
      for (const yaml of [`${key}: hunter2\n`, `github: {${key}: hunter2}\n`]) {
        const said = await problems(yaml);
        expect(said).toEqual([expect.stringContaining('secrets do not belong in this file')]);
        expect(said.join()).not.toContain('hunter2');
      }
    },
  );

  test.each(['https://user:hunter2@a.example/1/q', 'https://hunter2@a.example/1/q'])(
    'a URL with a secret is refused',
    async (url) => {
      const said = await problems(`queue: {url: "${url}"}\n`, { AWS_ENDPOINT_URL_SQS: url });
      expect(said).toHaveLength(2);
      expect(said.join()).not.toContain('hunter2');
    },
  );

  test('broken YAML is named with its line, its text not repeated, and the environment is still checked', async () => {
    const said = await problems('slots: 1\nqueue:\n  - a\n  token: "hunter2\n', { AWS_REGION: 'no region' });
    expect(said[0]).toMatch(/^codingworker\.yaml, line 4: not YAML/);
    expect(said.at(-1)).toContain('AWS_REGION');
    expect(said.join()).not.toContain('hunter2');
  });

  test.each([
    ['a key twice', 'slots: 1\nslots: 2\n'],
    ['a list', '- slots\n'],
    ['a word', 'slots\n'],
    ['two documents', 'slots: 1\n---\nslots: 2\n'],
    ['a section that is a list', 'queue: []\n'],
    ['a number in quotes', 'slots: "1"\n'],
    ['half a slot', 'slots: 1.5\n'],
    ['__proto__', '__proto__: {slots: 1}\n'],
    ['a worker id with a slash', 'workerId: a/b\n'],
    ['an author that is two lines', 'git: {authorName: "a\\nb"}\n'],
    ['a model server that is no address', 'agent: {ollamaHost: "ftp://a b"}\n'],
    ['an endless limit', 'limits: {taskMinutes: .inf}\n'],
    [
      'a bomb of aliases',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${['b', 'c', 'd', 'e'].map((k, i) => `${k}: &${k} [${`*${'abcd'[i]},`.repeat(9)}]\n`).join('')}`,
    ],
  ])('%s is refused', async (_name, yaml) => {
    expect(await problems(yaml)).not.toEqual([]);
  });

  test('more problems than fit are counted', async () => {
    const said = await problems(`repositories: [${'bad,'.repeat(200)}]\n`);
    const [, left] = /^and (\d+) more problems$/.exec(said.at(-1) ?? '') ?? [];
    expect(said.length - 1 + Number(left)).toBe(200);
  });
});

describe('codingworker.example.yaml', () => {
  test('loads as the defaults', async () => {
    expect(await load(await readFile(example, 'utf8'))).toEqual(await load());
  });

  test('names every key and no other', async () => {
    expect(keysOf(parseDocument(await readFile(example, 'utf8'))).toSorted()).toEqual(configKeys().toSorted());
  });
});

function keysOf({ contents }: Document): string[] {
  if (!isMap(contents)) return [];
  return contents.items.flatMap(({ key, value }) =>
    [String(key)].concat(isMap(value) ? value.items.map((inner) => `${String(key)}.${String(inner.key)}`) : []),
  );
}
