// The agent's view holds copies of the given files and nothing else, and gives back only what may be changed.
import { mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeView, takeOver } from '../../src/services/agent/working-view.ts';
import { workCopy, type WorkCopy } from '../support/agent/work-copy.ts';

const start = {
  'src/a.js': 'a\n',
  'src/b.js': 'b\n',
  'test/a.test.js': 'test\n',
  '.env': 'X=1\n',
  '.aider.conf.yml': 'x: 1\n',
};

async function given(editFiles: string[], readFiles: string[] = []) {
  const copy = await workCopy(start);
  onTestFinished(() => copy.remove());
  return { copy, given: { directory: copy.directory, editFiles, readFiles }, target: join(copy.top, 'view') };
}

async function write(top: string, files: Record<string, string>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(top, path)), { recursive: true });
    await writeFile(join(top, path), content);
  }
}

const read = (copy: WorkCopy, path: string): Promise<string> => readFile(join(copy.directory, path), 'utf8');

describe('the view', () => {
  it('holds the given files only, and none that Aider reads as configuration', async () => {
    const { given: asked, target } = await given(
      ['src/a.js', 'src/new.js', '.env', '.aider.conf.yml'],
      ['test/a.test.js'],
    );
    const view = await makeView(asked, target);
    expect((await readdir(target, { recursive: true })).toSorted()).toEqual([
      'src',
      'src/a.js',
      'test',
      'test/a.test.js',
    ]);
    expect(view.editFiles).toEqual(['src/a.js', 'src/new.js']);
    expect(view.leftOut).toEqual(['.env', '.aider.conf.yml']);
  });

  it('is emptied of what a killed run left', async () => {
    const { given: asked, target } = await given(['src/a.js']);
    await write(target, { 'left.js': 'over\n' });
    await makeView(asked, target);
    expect(await readdir(target)).toEqual(['src']);
  });

  it('follows no link, neither to a file nor through a folder', async () => {
    const { copy, given: asked, target } = await given(['link.js', 'linked/a.js', 'linked/new.js'], ['link.js']);
    await symlink('/etc/hostname', join(copy.directory, 'link.js'));
    await symlink('src', join(copy.directory, 'linked'));
    const view = await makeView(asked, target);
    expect(view.editFiles).toEqual([]);
    await write(target, { 'link.js': 'x\n', 'linked/a.js': 'x\n', 'linked/new.js': 'x\n' });
    expect((await takeOver(asked, view)).taken).toEqual([]);
    expect(await read(copy, 'src/a.js')).toBe('a\n');
  });

  it.each(['../x', '/etc/passwd', 'a/../../x', '', './src/a.js'])('is not made for the path %j', async (path) => {
    const { given: asked, target } = await given([path]);
    await expect(makeView(asked, target)).rejects.toThrow(TypeError);
  });
});

describe('taking over', () => {
  it('brings back edits and new files, and nothing that the agent was not to change', async () => {
    const { copy, given: asked, target } = await given(['src/a.js', 'src/untouched.js'], ['test/a.test.js']);
    const view = await makeView(asked, target);
    await write(target, {
      'src/a.js': 'A\n',
      'src/b.js': 'never shown\n',
      'src/untouched.js': '',
      'src/new/__init__.py': '',
      'test/a.test.js': 'weakened\n',
      '.aider.tags.cache.v4/x': 'x',
      '.git/hooks/pre-commit': 'x',
    });
    const takeover = await takeOver(asked, view);
    expect(takeover.taken).toEqual(['src/a.js', 'src/new/__init__.py']);
    expect(takeover.refused.map(({ path }) => path)).toEqual(['.aider.tags.cache.v4/x', 'src/b.js', 'test/a.test.js']);
    expect(await copy.status()).toEqual([' M src/a.js', '?? src/new/__init__.py']);
  });

  it('takes nothing at all when one file came back with a part left out', async () => {
    const { copy, given: asked, target } = await given(['src/a.js', 'src/b.js']);
    const view = await makeView(asked, target);
    await write(target, { 'src/a.js': 'A\n', 'src/b.js': '// ... rest of the code ...\n' });
    await expect(takeOver(asked, view)).rejects.toMatchObject({ failure: { code: 'CW-AGENT-EDIT-FORMAT' } });
    expect(await copy.status()).toEqual([]);
  });

  it('tells a working copy that disappeared while the agent worked', async () => {
    const { copy, given: asked, target } = await given(['src/a.js']);
    const view = await makeView(asked, target);
    await write(target, { 'src/a.js': 'A\n' });
    await rm(copy.directory, { recursive: true });
    await expect(takeOver(asked, view)).rejects.toMatchObject({ failure: { code: 'CW-WORKSPACE-LOST' } });
    await expect(makeView(asked, target)).rejects.toMatchObject({ failure: { code: 'CW-WORKSPACE-LOST' } });
  });

  it('keeps Windows line endings and the byte order mark of a file that had them', async () => {
    const { copy, given: asked, target } = await given(['src/a.js']);
    await writeFile(join(copy.directory, 'src/a.js'), '\uFEFFa\r\nb\r\n');
    const view = await makeView(asked, target);
    await write(target, { 'src/a.js': 'a\nB\n' });
    await takeOver(asked, view);
    expect(await read(copy, 'src/a.js')).toBe('\uFEFFa\r\nB\r\n');
  });
});
