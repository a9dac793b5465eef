// The pure rules of the workspace: which links leave the tree, how git's list of changes is read, what a task's folder may be called.
import path from 'node:path';
import { array, assert, constantFrom, property } from 'fast-check';
import { expect, test } from 'vitest';
import { leavesTree, parseChanges } from '../../src/services/workspace/change-limits.ts';
import { excludesFor } from '../../src/services/workspace/excludes.ts';
import { taskFolders } from '../../src/services/workspace/folders.ts';

test.each([
  ['link', 'README.md', false],
  ['link', './docs/../', true],
  ['link', '..', true],
  ['sub/link', '..', false],
  ['a/b/link', '../../c/d', false],
  ['a/b/link', '../../../c', true],
  ['link', '/etc', true],
  ['link', '', true],
  ['link', '..README', false],
  ['sub/link', '../.git/hooks', true],
  ['sub/link', '../.Git', true],
])('a link %s to %j leaves the tree: %s', (link, target, leaves) => {
  expect(leavesTree(link, target)).toBe(leaves);
});

test('no link that is let through leads out of the tree', () => {
  const step = constantFrom('..', '.', '', 'a', 'b', '...', '.git', 'c d');
  assert(
    property(array(constantFrom('x', 'y'), { maxLength: 3 }), array(step, { maxLength: 6 }), (above, steps) => {
      const link = [...above, 'link'].join('/');
      const target = steps.join('/');
      const reached = path.posix.resolve('/root', ...above, target);
      const inside = reached === '/root' || reached.startsWith('/root/');
      expect(leavesTree(link, target) || inside).toBe(true);
    }),
  );
});

test('git’s list of changes is read with any name in it', () => {
  const id = (digit: string) => digit.repeat(40);
  const raw = [
    `:100644 100755 ${id('1')} ${id('2')} M`,
    'tab\tand\nnewline',
    `:100644 000000 ${id('3')} ${id('0')} D`,
    ':colon',
    '',
  ].join('\0');
  expect(parseChanges(raw)).toEqual([
    { path: 'tab\tand\nnewline', mode: '100755', object: id('2') },
    { path: ':colon', mode: '000000', object: id('0') },
  ]);
  expect(parseChanges('')).toEqual([]);
});

test('target is build output only beside a tool that builds into it', () => {
  expect(excludesFor(['src/Cargo.toml'])).toContain('\ntarget/\n');
  expect(excludesFor(['pom.xml'])).toContain('\ntarget/\n');
  expect(excludesFor(['docs/about-Cargo.toml', 'package.json'])).not.toContain('target/');
});

test.each(['../x', 'a/b', '', '.hidden', '-rf'])('%j is no task’s folder', (id) => {
  expect(() => taskFolders('/root', id)).toThrow('not a folder');
});
