/** What the items cost together, in cents, with `discountPercent` taken off. */
export function total(items, { discountPercent = 0 } = {}) {
  const sum = items.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
  return sum * (1 - discountPercent / 100);
}
