import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageCount } from '../src/pages.js';

test('a page that is not full counts', () => {
  assert.equal(pageCount(['a', 'b', 'c'], 2), 2);
});
