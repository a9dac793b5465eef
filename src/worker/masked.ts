// No secret leaves a step: what it brings back or fails with passes the mask before it becomes an event, and so a record and a comment.
import type { Mask } from '../services/process/mask.ts';

/** The same plain data with every text in it masked. */
export function masked<Data>(data: Data, mask: Mask): Data {
  return maskedValue(data, mask) as Data; // nothing but the content of texts changes
}

function maskedValue(value: unknown, mask: Mask): unknown {
  if (typeof value === 'string') return mask(value);
  if (Array.isArray(value)) return value.map((item) => maskedValue(item, mask));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, maskedValue(item, mask)]));
}
