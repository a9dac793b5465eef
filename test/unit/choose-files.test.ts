// Which files the agent is given: the same for the same repository and text, within the room, and never from outside the working copy.
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseFiles, chooseTestFiles } from '../../src/worker/choose-files.ts';
import { sourceFiles } from '../../src/worker/source-files.ts';

let root: string;
let copy: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'codingworker-files-')));
  copy = join(root, 'copy');
  await mkdir(copy);
});
// Node cannot remove a folder whose path is too long for the system; rm can.
afterEach(() => void execFileSync('rm', ['-rf', root]));

async function files(contents: Record<string, string | number>): Promise<void> {
  for (const [path, content] of Object.entries(contents)) {
    await mkdir(dirname(join(copy, path)), { recursive: true });
    await writeFile(join(copy, path), typeof content === 'number' ? 'x'.repeat(content) : content);
  }
}
const choose = (text: string, budgetTokens = 8192) => chooseFiles(copy, { text, budgetTokens });
const chooseTests = (changed: string[], budgetTokens = 8192) => chooseTestFiles(copy, { changed, budgetTokens });

describe('files for a change', () => {
  it('are those that the text names by path, by name or by stem, with their tests to read', async () => {
    await files({
      'src/cart.js': 10,
      'src/user.js': 10,
      'src/mail.js': 10,
      'src/other.js': 10,
      'test/cart.test.js': 10,
    });
    expect(await choose('In `src/cart.js` and user.js, and the mail')).toEqual({
      edit: ['src/cart.js', 'src/mail.js', 'src/user.js'],
      read: ['test/cart.test.js'],
    });
  });

  it('are not named by a longer word that ends or begins like them', async () => {
    await files({ 'a.js': 10, 'src/data.js': 10, 'src/mail.js': 10, 'src/art.js': 10 });
    expect((await choose('data.js and emails, cart and data.json')).edit).toEqual(['src/data.js']);
    expect((await choose('data.jsを直す')).edit).toEqual(['src/data.js']);
  });

  it('are the smallest files of code when the text names none', async () => {
    await files({ 'README.md': 1, 'package.json': 1, 'src/large.js': 500, 'src/small.js': 10 });
    expect((await choose('Make it faster')).edit).toEqual(['src/large.js', 'src/small.js']);
    expect((await choose('Make it faster', 300)).edit).toEqual(['src/small.js']);
  });

  it('are at most six and leave room for prompt and answer', async () => {
    await files(Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`src/file${index}.js`, 100])));
    expect((await choose('anything')).edit).toHaveLength(6);
    const { edit } = await choose('anything', 300);
    expect(edit.length * 100).toBeLessThanOrEqual(300 * 3 * 0.35);
    expect(edit).toHaveLength(3);
  });

  it('leave out a named file that does not fit, and take the next', async () => {
    await files({ 'src/huge.js': 1_000_000, 'src/cart.js': 10 });
    expect((await choose('src/huge.js and src/cart.js')).edit).toEqual(['src/cart.js']);
  });

  it('are the same every time, whatever order the disk gives', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `src/f${(index * 7) % 30}/cart.js`);
    await files(Object.fromEntries(names.map((name) => [name, 10])));
    const first = await choose('cart');
    await rm(copy, { recursive: true });
    await files(Object.fromEntries(names.toReversed().map((name) => [name, 10])));
    expect(await choose('cart')).toEqual(first);
    expect(await choose('cart')).toEqual(first);
  });

  it('are never dependencies, build output, lock files, git’s own or binary', async () => {
    const others = [
      'node_modules/x/cart.js',
      '.git/cart.js',
      'dist/cart.js',
      'sub/vendor/cart.js',
      'package-lock.json',
      'go.sum',
      'cart.png',
      'cart',
    ];
    await files({ ...Object.fromEntries(others.map((name) => [name, 10])), 'cart.js': 10 });
    expect((await sourceFiles(copy)).map(({ path }) => path)).toEqual(['cart.js']);
  });
});

describe('the tests that are there', () => {
  it('are read, not edited, unless the text names them', async () => {
    await files({ 'src/cart.js': 10, 'test/cart.test.js': 10 });
    expect(await choose('The cart is wrong')).toEqual({ edit: ['src/cart.js'], read: ['test/cart.test.js'] });
    expect(await choose('Anything')).toEqual({ edit: ['src/cart.js'], read: ['test/cart.test.js'] });
    expect((await choose('not ok in test/cart.test.js')).edit).toContain('test/cart.test.js');
  });
});

describe('the working copy’s limits', () => {
  it('are not left by links, to files or to folders', async () => {
    await writeFile(join(root, 'secret.js'), 'secret');
    await mkdir(join(root, 'outside'));
    await writeFile(join(root, 'outside', 'secret.js'), 'secret');
    await files({ 'src/cart.js': 10 });
    await symlink(join(root, 'secret.js'), join(copy, 'secret.js'));
    await symlink(join(root, 'outside'), join(copy, 'linked'));
    await symlink('.', join(copy, 'loop'));
    await symlink('nowhere', join(copy, 'dangling.js'));
    expect((await sourceFiles(copy)).map(({ path }) => path)).toEqual(['src/cart.js']);
    expect(await choose('secret.js linked/secret.js dangling.js src/cart.js')).toEqual({
      edit: ['src/cart.js'],
      read: [],
    });
    expect((await chooseTests(['secret.js', 'linked', 'src/cart.js'])).read).toEqual(['src/cart.js']);
  });

  it('are not left by paths that a change is said to have', async () => {
    await writeFile(join(root, 'secret.js'), 'secret');
    await writeFile(join(root, 'secret.test.js'), 'secret');
    await files({ 'src/cart.js': 10 });
    const { edit, read } = await chooseTests([
      '../secret.js',
      `${root}/secret.js`,
      '../secret.test.js',
      'src/../../secret.js',
    ]);
    expect(read).toEqual([]);
    expect(edit.filter((path) => path.includes('secret.test'))).not.toContain('../secret.test.js');
  });

  it('hold folders that cannot be read, and those are passed over', async () => {
    await files({ 'src/cart.js': 10 });
    // Paths that are too long for the system cannot be read by root either.
    const script =
      'name=$(printf "%0200d" 0); for i in $(seq 1 25); do mkdir "$name" && cd "$name" || exit 1; done; : > deep.js';
    execFileSync('bash', ['-c', script], { cwd: copy });
    expect((await choose('cart')).edit).toEqual(['src/cart.js']);
  });
});

describe('files for tests', () => {
  it('are the tests that there are beside the changed code, with that code to read', async () => {
    await files({ 'src/cart.js': 10, 'test/cart.test.js': 10, 'test/other.test.js': 10 });
    expect(await chooseTests(['src/cart.js'])).toEqual({ edit: ['test/cart.test.js'], read: ['src/cart.js'] });
  });

  it.each([
    [['src/cart.js'], [], 'test/cart.test.js'],
    [['src/cart.js'], ['spec/user.spec.js'], 'spec/cart.spec.js'],
    [['shop/cart.py'], [], 'tests/test_cart.py'],
    [['shop/cart.py'], ['checks/tests/test_user.py'], 'checks/tests/test_cart.py'],
    [['pkg/cart.go'], [], 'pkg/cart_test.go'],
  ])('for %j beside %j are a new one where the repository keeps them', async (changed, others, expected) => {
    await files(Object.fromEntries([...changed, ...others].map((path) => [path, 10])));
    expect((await chooseTests(changed)).edit).toEqual([expected]);
  });

  it('do not include a test that is too large, nor write over it', async () => {
    await files({ 'src/cart.js': 10, 'test/cart.test.js': 1_000_000 });
    expect((await chooseTests(['src/cart.js'])).edit).toEqual([]);
  });

  it('are none when nothing of the change is code', async () => {
    await files({ 'README.md': 10 });
    expect(await chooseTests(['README.md'])).toEqual({ edit: [], read: [] });
  });
});
