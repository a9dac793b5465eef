// Masks secrets by value wherever text leaves the worker: logs, journal, comments. The last line of defence, not the first.
import { maskedSecretMinChars } from '../../events/bounds.ts';

const replacement = '[secret]';

export type Mask = (text: string) => string;

/**
 * A function that replaces every occurrence of the secrets, also in their base64 and URL-encoded forms. A secret of several lines
 * (a private key) is masked line by line, as output arrives in lines. Values and lines under 8 characters are ignored.
 */
export function maskOf(secrets: readonly (string | undefined)[]): Mask {
  const values = secrets
    .flatMap((secret) => (secret === undefined ? [] : [secret].concat(secret.split(/\r?\n/))))
    .map((secret) => secret.trim().toWellFormed())
    .filter((secret) => secret.length >= maskedSecretMinChars);
  const forms = values.flatMap((value) => [
    value,
    encodeURIComponent(value),
    base64(value),
    base64(`x-access-token:${value}`),
  ]);
  const longestFirst = [...new Set(forms)].toSorted((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((masked, form) => masked.replaceAll(form, replacement), text);
}

/** Without padding, which is not written everywhere. */
const base64 = (text: string): string => Buffer.from(text).toString('base64').replace(/=+$/, '');
