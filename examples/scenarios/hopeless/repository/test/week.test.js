import assert from 'node:assert/strict';
import { test } from 'node:test';
import { weekday } from '../src/week.js';

test('Sunday is the seventh day', () => {
  assert.equal(weekday(new Date('2021-01-03T00:00:00Z')), 7);
});
