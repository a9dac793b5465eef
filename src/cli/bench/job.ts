// The job that both sides do: a small repository, what its issue asks for, and the edits that stand for an agent's.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

type Files = Record<string, string>;

export const repository = 'acme/greeting';

/** Lint and test, as small as they can be and still be run by npm: what the two sides add to them is measured, not they. */
export const files: Files = {
  'package.json': `${JSON.stringify(
    {
      name: 'greeting',
      private: true,
      type: 'module',
      scripts: { lint: 'node --check src/greet.js', test: 'node --test' },
    },
    undefined,
    2,
  )}\n`,
  'README.md': '# greeting\n\nGreets people.\n',
  'src/greet.js': "export const greet = () => 'Hello';\n",
  'test/greet.test.js': [
    "import assert from 'node:assert/strict';",
    "import { test } from 'node:test';",
    "import { greet } from '../src/greet.js';",
    '',
    "test('it greets', () => assert.match(greet(), /Hello/));",
    '',
  ].join('\n'),
};

export const issue = { title: 'Greet by name', body: 'greet(name) in src/greet.js shall greet by name.' };

/** What each pass of the agent writes. */
export const edits: Readonly<Record<'implement' | 'tests', Files>> = {
  implement: { 'src/greet.js': 'export const greet = (name) => (name ? `Hello, ${name}` : `Hello`);\n' },
  tests: {
    'test/greet.test.js': `${files['test/greet.test.js']}\ntest('by name', () => assert.equal(greet('Mei'), 'Hello, Mei'));\n`,
  },
};

export async function writeFiles(folder: string, written: Files): Promise<void> {
  for (const [path, text] of Object.entries(written)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}
