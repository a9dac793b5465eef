// Masks secrets by value wherever text leaves the worker: logs, journal, comments. The last line of defence, not the first.

const shortestSecret = 8;
const replacement = '[secret]';

export type Mask = (text: string) => string;

/** A function that replaces every occurrence of the secrets, also in their base64 and URL-encoded forms. Values under 8 characters are ignored. */
export function maskOf(secrets: readonly (string | undefined)[]): Mask {
  const values = secrets.filter((secret) => secret !== undefined).filter((secret) => secret.length >= shortestSecret);
  const forms = values.flatMap((value) => [
    value,
    encodeURIComponent(value),
    Buffer.from(value).toString('base64'),
    Buffer.from(`x-access-token:${value}`).toString('base64'),
  ]);
  const longestFirst = [...new Set(forms)].toSorted((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((masked, form) => masked.replaceAll(form, replacement), text);
}
