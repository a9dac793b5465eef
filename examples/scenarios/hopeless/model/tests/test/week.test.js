import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isoWeek, weekday } from '../src/week.js';

const day = (text) => new Date(`${text}T00:00:00Z`);

test('Sunday is the seventh day', () => {
  assert.equal(weekday(day('2021-01-03')), 7);
});

test('the first days of a year can belong to the last week of the year before', () => {
  assert.equal(isoWeek(day('2021-01-01')), 53);
});

test('the week with the first Thursday is the first', () => {
  assert.equal(isoWeek(day('2021-01-04')), 1);
});
