import assert from 'node:assert/strict';
import { test } from 'node:test';
import { total } from '../src/cart.js';

const cart = [{ price: 333, quantity: 3 }];

test('an empty cart costs nothing', () => {
  assert.equal(total([]), 0);
});

test('a price counts once for each piece', () => {
  assert.equal(total([{ price: 250, quantity: 2 }, { price: 99, quantity: 1 }]), 599);
});

test('a discount is rounded to whole cents', () => {
  assert.equal(total(cart, { discountPercent: 15 }), 849);
});

test('a discount of everything leaves nothing', () => {
  assert.equal(total(cart, { discountPercent: 100 }), 0);
});

test('a discount outside 0 to 100 is refused', () => {
  assert.throws(() => total(cart, { discountPercent: -1 }), RangeError);
  assert.throws(() => total(cart, { discountPercent: 101 }), RangeError);
});
