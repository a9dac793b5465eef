import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tidy } from '../src/title.js';

test('spaces are tidied', () => {
  assert.equal(tidy('  a   b '), 'a b');
});
