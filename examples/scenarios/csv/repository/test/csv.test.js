import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rows } from '../src/csv.js';

test('a line is a row', () => {
  assert.deepEqual(rows('Name,Age\nMei,41\n'), [['Name', 'Age'], ['Mei', '41']]);
});
