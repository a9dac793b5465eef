// What may leave the process for the inspector's page: every text masked and cut, wherever in an event it stands.
//
// The package's own hooks do not reach far enough: `sanitizeContext` is given a machine's context only, but the snapshot of a service
// holds the task in its input and what it found in its output.
import type { StatelyInspectionEvent } from '@statelyai/inspect';
import { inspectedTextMaxChars } from '../../events/bounds.ts';
import type { Mask } from '../../services/process/mask.ts';

/** The event as one line of JSON. Throws for what is no JSON, which would be a defect of the machine's context. */
export function frameOf(event: StatelyInspectionEvent, mask: Mask): string {
  const clean = (value: unknown): unknown => {
    if (typeof value === 'string') return cut(mask(value));
    if (Array.isArray(value)) return value.map(clean);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, clean(inner)]));
  };
  const { definition, ...rest } = { definition: undefined, ...event };
  // Through JSON first: a live snapshot carries the machine itself and references to its services.
  const plain: unknown = JSON.parse(JSON.stringify(rest));
  // The definition is the machine's source and says nothing of a task; cut, it could not be drawn.
  return JSON.stringify({ ...Object(clean(plain)), ...(definition !== undefined && { definition: mask(definition) }) });
}

function cut(text: string): string {
  if (text.length <= inspectedTextMaxChars) return text;
  const left = text.slice(0, inspectedTextMaxChars).toWellFormed();
  return `${left}… (${text.length - inspectedTextMaxChars} more characters)`;
}
