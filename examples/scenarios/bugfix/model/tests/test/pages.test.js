import assert from 'node:assert/strict';
import { test } from 'node:test';
import { page, pageCount } from '../src/pages.js';

const entries = ['a', 'b', 'c', 'd', 'e'];

test('a page that is not full counts', () => {
  assert.equal(pageCount(['a', 'b', 'c'], 2), 2);
});

test('a page has as many entries as its size', () => {
  assert.deepEqual(page(entries, 1, 2), ['a', 'b']);
});

test('pages follow each other without a gap', () => {
  assert.deepEqual([1, 2, 3].flatMap((number) => page(entries, number, 2)), entries);
});
