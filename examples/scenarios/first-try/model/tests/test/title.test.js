import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slug, tidy } from '../src/title.js';

test('spaces are tidied', () => {
  assert.equal(tidy('  a   b '), 'a b');
});

test('a slug has lower-case words joined by dashes', () => {
  assert.equal(slug('  Hello, World! '), 'hello-world');
});

test('a title without words has an empty slug', () => {
  assert.equal(slug(' ?! '), '');
});
