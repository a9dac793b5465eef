import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rows, sortByName } from '../src/csv.js';

test('a line is a row', () => {
  assert.deepEqual(rows('Name,Age\nMei,41\n'), [['Name', 'Age'], ['Mei', '41']]);
});

test('rows are sorted by name, and the header stays first', () => {
  assert.equal(sortByName('Age,Name\n41,Mei\n37,Aiko\n'), 'Age,Name\n37,Aiko\n41,Mei\n');
});

test('a header alone stays as it is', () => {
  assert.equal(sortByName('Name,Age\n'), 'Name,Age\n');
});

test('a CSV without the column is refused', () => {
  assert.throws(() => sortByName('Age\n41\n'), /no column Name/);
});
