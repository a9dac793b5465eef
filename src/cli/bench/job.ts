// The job that both sides do: a small repository, what its issue asks for, and the edits that stand for an agent's.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

type Files = Record<string, string>;

export const repository = 'acme/greeting';

const manifest = {
  name: 'greeting',
  version: '1.0.0',
  private: true,
  type: 'module',
  scripts: {
    build: "node -e \"fs.cpSync('src', 'dist', { recursive: true })\"",
    lint: 'node --check src/greet.js',
    test: 'node --test',
  },
};
const { name, version } = manifest;
const lock = { name, version, lockfileVersion: 3, requires: true, packages: { '': { name, version } } };
const asJson = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** All four kinds of command that verification knows, each as small as npm lets it be. Nothing to install, so that no registry is measured. */
export const files: Files = {
  'package.json': asJson(manifest),
  'package-lock.json': asJson(lock),
  '.gitignore': 'dist/\nnode_modules/\n',
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
