// What a queue message may be: every text either is a task or is refused as CW-MESSAGE-INVALID, and nothing hostile gets through.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { bodyMaxBytes, titleMaxChars } from '../../src/events/bounds.ts';
import { CodedError } from '../../src/events/failure.ts';
import { parseTaskMessage, type TaskMessage } from '../../src/events/task-message.ts';
import { messageOf, taskOf } from '../../src/events/task.ts';

const issue = {
  issue_number: 12,
  repository: 'owner/name',
  title: 'Sort the list',
  created_at: '2026-01-02T03:04:05Z',
};
const comment = {
  ...issue,
  type: 'pr_comment',
  pr_number: 13,
  branch_name: 'ai/issue-12',
  comment_id: 99,
  comment_author: 'alice',
};

const parse = (message: unknown): TaskMessage => parseTaskMessage(JSON.stringify(message));

/** The failure's message; any other outcome fails the test. */
function refusal(text: string): string {
  try {
    parseTaskMessage(text);
  } catch (error) {
    if (error instanceof CodedError && error.failure.code === 'CW-MESSAGE-INVALID') return error.failure.message;
    throw error;
  }
  throw new Error(`It was accepted: ${text.slice(0, 200)}`);
}
const refused = (message: unknown): string => refusal(JSON.stringify(message));

describe('what is accepted', () => {
  test('a message without a type is an issue, and what may be left out has its default', () => {
    expect(parse(issue)).toEqual({ ...issue, type: 'issue', version: 1, body: '', labels: [] });
  });

  test('a comment has its own fields', () => {
    expect(parse(comment)).toMatchObject(comment);
  });

  test('unknown keys are ignored, so that newer senders work', () => {
    expect(parse({ ...issue, priority: 'high', nested: { deep: [1] } })).toEqual(parse(issue));
  });

  test('an issue without text comes as null from GitHub', () => {
    expect(parse({ ...issue, body: null }).body).toBe('');
  });

  test('a body may fill its limit in bytes, and not one byte more', () => {
    expect(parse({ ...issue, body: 'ü'.repeat(bodyMaxBytes / 2) }).body).toHaveLength(bodyMaxBytes / 2);
    expect(refused({ ...issue, body: `${'ü'.repeat(bodyMaxBytes / 2)}x` })).toContain('body');
  });

  test('a title’s limit counts characters, not UTF-16 units', () => {
    expect(parse({ ...issue, title: '🐛'.repeat(titleMaxChars) }).title).toBe('🐛'.repeat(titleMaxChars));
    expect(refused({ ...issue, title: 'x'.repeat(titleMaxChars + 1) })).toContain('title');
  });

  test('a blank title is refused: GitHub has none, and a pull request would be named by a number alone', () => {
    for (const title of ['', ' \n ']) expect(refused({ ...issue, title })).toContain('title');
  });

  test('a title becomes one line, and a text loses what no program can be given', () => {
    const parsed = parse({ ...issue, title: 'a\r\nb\u0000c\u001b[31m', body: 'x\u0000y\nz' });
    expect(parsed).toMatchObject({ title: 'a b c [31m', body: 'xy\nz' });
  });

  test.each(['o/n', 'a-b/.github', '0x/_x', 'name_corp/a.b-c', 'o/..x', 'o/x..'])('the repository %s', (repository) => {
    expect(parse({ ...issue, repository }).repository).toBe(repository);
  });

  test.each(['main', 'feature/a-b', 'ai/issue-12', '日本語', 'a.b@c#1'])('the branch %s', (branch_name) => {
    expect(parse({ ...comment, branch_name })).toMatchObject({ branch_name });
  });

  test('the author of an issue may be an app', () => {
    expect(parse({ ...issue, issue_author: 'dependabot[bot]' })).toMatchObject({ issue_author: 'dependabot[bot]' });
  });
});

describe('a task’s message once more', () => {
  test.each([
    [
      'an issue with its delivery',
      { ...issue, delivery_id: 'd-1', issue_author: 'mei', labels: ['ai-task'], body: 'x' },
    ],
    ['an issue that its instant names', issue],
    ['a comment', comment],
  ])('%s becomes the same task again, id included', (_name, message) => {
    const task = taskOf(parse(message));
    expect(taskOf(parseTaskMessage(messageOf(task)))).toEqual(task);
  });
});

describe('what is refused', () => {
  test.each([
    ['nothing', ''],
    ['no JSON', '{"a":'],
    ['deep nesting', '['.repeat(200_000)],
    ['null', 'null'],
    ['a number', '1e999'],
    ['a list', '[]'],
    ['a huge number', JSON.stringify(issue).replace('12', '1e400')],
  ])('%s', (_name, text) => {
    expect(refusal(text)).not.toBe('');
  });

  test('every wrong field is named, and no value repeated', () => {
    const message = refused({
      ...issue,
      issue_number: 'ghp_secret',
      title: 7,
      labels: ['ok', 5],
      created_at: 'ghp_secret',
    });
    for (const field of ['issue_number', 'title', 'labels.1', 'created_at']) expect(message).toContain(field);
    expect(message).not.toContain('ghp_secret');
  });

  test.each(['-owner/name', 'owner/-name', '--upload-pack=x/y', 'owner', 'a/b/c', '/b', 'a/', 'a/.', 'a/..', '../x'])(
    'the repository %s',
    (repository) => {
      expect(refused({ ...issue, repository })).toContain('repository');
    },
  );

  test.each([
    'a/b c',
    'a/b\n',
    'a/b;id',
    'a/$(id)',
    'a/b?x',
    'a/b#1',
    'a/b%2f..',
    'a@evil.example/b',
    'ä/b',
    `a/${'b'.repeat(140)}`,
  ])('the repository %j', (repository) => {
    expect(refused({ ...issue, repository })).toContain('repository');
  });

  test.each([
    '-x',
    '--force',
    'a b',
    'a..b',
    'a:b',
    'a^',
    'a~1',
    '@{-1}',
    'a\u0000b',
    'a\u0007',
    '/a',
    'a/',
    'a//b',
    'a.',
    '',
  ])('the branch %j', (branch_name) => {
    expect(refused({ ...comment, branch_name })).toContain('branch_name');
  });

  test.each(['', '@everyone', 'a b', 'a\n@b', '<img>'])('the login %j', (login) => {
    expect(refused({ ...issue, issue_author: login })).toContain('issue_author');
    expect(refused({ ...comment, comment_author: login })).toContain('comment_author');
  });

  test.each([0, -1, 1.5, 2 ** 53, '12', null])('the number %j', (number) => {
    expect(refused({ ...issue, issue_number: number })).toContain('issue_number');
    expect(refused({ ...comment, comment_id: number })).toContain('comment_id');
  });

  test('another version, another type, and a comment without its fields', () => {
    expect(refused({ ...issue, version: 2 })).toContain('version');
    expect(refused({ ...issue, type: 'deploy' })).toContain('type');
    expect(refused({ ...issue, type: 'pr_comment' })).toContain('comment_author');
  });
});

describe('whatever comes', () => {
  const anyOutcome = (text: string): TaskMessage | undefined => {
    try {
      return parseTaskMessage(text);
    } catch (error) {
      if (error instanceof CodedError && error.failure.code === 'CW-MESSAGE-INVALID') return undefined;
      throw error;
    }
  };

  test('any text is a task or CW-MESSAGE-INVALID', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => {
        expect(anyOutcome(text)?.type ?? 'issue').toBe('issue');
      }),
    );
  });

  test('one field replaced by anything leaves a task that is safe to name, or CW-MESSAGE-INVALID', () => {
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.string({ unit: 'binary' }),
      fc.string().map((text) => `o/${text}`),
    );
    const field = fc.constantFrom(...Object.keys(comment), 'type', 'body', 'labels', 'issue_author', 'delivery_id');
    fc.assert(
      fc.property(fc.constantFrom(issue, comment), field, anything, (base, name, value) => {
        const message = anyOutcome(JSON.stringify({ ...base, [name]: value }));
        if (message === undefined) return;
        const task = taskOf(message);
        expect(task.id).toMatch(/^[a-z0-9][a-z0-9-]*-\d+-[0-9a-f]{10}$/);
        expect(task.repository).toMatch(/^[^-/\s][^/\s]*\/[^-/\s][^/\s]*$/);
        expect(task.branch).not.toMatch(/^-|\.\.|\s/);
        expect(task.title).not.toMatch(/\p{Cc}/u);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the published schema', () => {
  const schema = async (...args: string[]): Promise<void> => {
    const program = path.resolve(import.meta.dirname, '../../src/cli/schema.ts');
    await promisify(execFile)(process.execPath, [program, ...args]);
  };

  test('docs/task-message.schema.json is what the code accepts', async () => {
    await expect(schema('--check')).resolves.toBeUndefined();
  });

  test('a stale file is noticed', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'schema-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = path.join(folder, 'stale.json');
    await writeFile(file, '{}\n');
    await expect(schema('--check', '--file', file)).rejects.toMatchObject({ code: 1 });
    await schema('--file', file);
    await schema('--check', '--file', file);
  });
});
