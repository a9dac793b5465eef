// The documents speak of what is there: files, headings, commands, variables, records and states. None of them can go stale unseen.
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { environmentLayer } from '../../src/config-environment.ts';
import { configKeys } from '../../src/config-schema.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8');

async function pagesBelow(folder: string): Promise<string[]> {
  const names = await readdir(join(root, folder), { recursive: true });
  return names.filter((name) => name.endsWith('.md')).map((name) => join(folder, name));
}

const ownPages = ['README.md', 'README.ja.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'state/README.md'];
const pages = [...ownPages, ...(await pagesBelow('docs')), ...(await pagesBelow('examples'))].filter(
  // A scenario's repository is a stranger's: its pages are part of the story.
  (page) => !page.includes('/repository/'),
);

/** As GitHub makes a heading's anchor: lower case, no marks but hyphens, hyphens for spaces. */
const anchorsOf = (text: string): string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );

describe.each(pages)('%s', (page) => {
  test('links only to files and headings that exist', async () => {
    const broken: string[] = [];
    for (const [, target = ''] of (await read(page)).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      const exists = await stat(join(root, file)).then(
        () => true,
        () => false,
      );
      if (!exists || (anchor !== undefined && !anchorsOf(await read(file)).includes(anchor))) broken.push(target);
    }
    expect(broken).toEqual([]);
  });

  test('names only npm scripts that exist', async () => {
    const { scripts } = JSON.parse(await read('package.json')) as { scripts: Record<string, string> }; // our own file
    // What the demo prints names scripts of the repository that it works on.
    const text = (await read(page)).replaceAll(/```console.*?```/gs, '');
    const named = [...text.matchAll(/npm run (?:--silent )?([a-z]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

test('docs/queue.md names only tests that exist, by their names', async () => {
  const named = [...(await read('docs/queue.md')).matchAll(/\]\(\.\.\/(test\/\S+)\): “([^|]+)” \|/g)];
  const missing: string[] = [];
  for (const [, file = '', name = ''] of named)
    if (!(await read(file)).includes(name)) missing.push(`${file}: ${name}`);
  expect(named.length).toBeGreaterThan(15);
  expect(missing).toEqual([]);
});

describe.each(['README.md', 'README.ja.md'])('the table of variables in %s', (page) => {
  test('has every variable that sets a key, with that key', async () => {
    const rows = [...(await read(page)).matchAll(/^\| (`[A-Z].*?) \| (.*?) \| /gm)];
    const listed = rows.flatMap(([, names = '', key = '']) =>
      key === '' ? [] : [[names.replaceAll('`', ''), key.replaceAll('`', '')]],
    );
    expect(listed.map(([name]) => name)).toEqual(expect.arrayContaining(await namesInCode()));
    for (const [name = '', key = ''] of listed) {
      expect(environmentLayer({ [name]: 'x' }).sources.get(key), `${name} sets ${key}`).toBe(name);
      expect(configKeys()).toContain(key);
    }
  });
});

/** The variables in config-environment.ts, whose table is not exported. */
async function namesInCode(): Promise<string[]> {
  return [...(await read('src/config-environment.ts')).matchAll(/^ {2}([A-Z_]+): \[/gm)].map(([, name = '']) => name);
}

test('both READMEs show the same commands, links and code', async () => {
  const [english, japanese] = await Promise.all([read('README.md'), read('README.ja.md')]);
  const factsOf = (text: string): unknown => ({
    headings: text.match(/^#+/gm),
    variables: text.match(/^\| `[A-Z].*?`(?= \|)/gm),
    commands: text.match(/npm (?:run [a-z]+|test)/g)?.toSorted(),
    links: [...text.matchAll(/\]\(((?!README)[^)]+)\)/g)].map(([, target]) => target),
    transcript: /```console.*?```/s.exec(text)?.[0],
  });
  expect(factsOf(japanese)).toEqual(factsOf(english));
});

test('docs/journal.md lists every type of record, and no other', async () => {
  const source = await read('src/events/journal-record.ts');
  const types = [...source.matchAll(/\| \{ type: '([a-z.]+)'/g)].map(([, type = '']) => type);
  const page = await read('docs/journal.md');
  const listed = [...page.matchAll(/^\| `([a-z]+\.[a-z]+)` \|/gm)].map(([, type = '']) => type);
  expect(types.length).toBeGreaterThan(20);
  expect(listed.toSorted()).toEqual(types.toSorted());
});

test('docs/adr/README.md lists every decision with its title', async () => {
  const decisions = (await readdir(join(root, 'docs/adr'))).filter((name) => /^\d{4}-/.test(name)).toSorted();
  const rows = await Promise.all(
    decisions.map(async (name) => {
      const title = /^# \d+\. (.+)$/m.exec(await read(`docs/adr/${name}`))?.[1];
      return `| [${name.slice(0, 4)}](${name}) | ${title} |`;
    }),
  );
  expect((await read('docs/adr/README.md')).split('\n').filter((line) => line.startsWith('| [0'))).toEqual(rows);
});
