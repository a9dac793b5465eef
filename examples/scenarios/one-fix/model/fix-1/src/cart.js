/** What the items cost together, in cents, with `discountPercent` taken off. Throws a RangeError for a discount outside 0 to 100. */
export function total(items, { discountPercent = 0 } = {}) {
  if (!(discountPercent >= 0 && discountPercent <= 100)) {
    throw new RangeError(`A discount is between 0 and 100 per cent, not ${discountPercent}.`);
  }
  const sum = items.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
  return Math.round(sum * (1 - discountPercent / 100));
}
