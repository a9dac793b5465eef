// Says what is wrong with a value or key so that a person can put it right, without repeating the value.
import { distance } from 'fastest-levenshtein';
import type { z } from 'zod';
import { configKeys } from './config-schema.ts';

type Issue = z.core.$ZodIssue;
export type Problem = { place: readonly PropertyKey[]; says: string };

/** One problem an issue, and one a key when several are unknown. */
export function problemsOf(issues: readonly Issue[]): Problem[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [{ place: issue.path, says: wordingOf(issue) }];
    return issue.keys.map((key) => ({ place: [...issue.path, key], says: unknownKey(issue.path.join('.'), key) }));
  });
}

const expectedKinds: Readonly<Record<string, string>> = {
  object: 'a section with keys',
  array: 'a list',
  int: 'a whole number',
};

function wordingOf(issue: Issue): string {
  if (issue.code === 'invalid_type') return `must be ${expectedKinds[issue.expected] ?? `a ${issue.expected}`}`;
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.join(', ')}`;
  if (issue.code === 'too_small') {
    return `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unitOf(issue.origin)}`;
  }
  if (issue.code === 'too_big') {
    return `must be ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unitOf(issue.origin)}`;
  }
  // The others carry a message of our own from the schema.
  return issue.message;
}

const unitOf = (origin: string): string => (origin === 'string' ? ' characters long' : '');

const secretName = /token|passw|secret|credential|(?:access|private|api).?key/i;

/** A key written almost right is named; one that looks like a secret is sent to the environment. */
function unknownKey(section: string, key: string): string {
  const near = nearestKey(section, key);
  if (near !== undefined) return `unknown key; did you mean ${near}?`;
  if (secretName.test(key)) return 'unknown key; secrets do not belong in this file, set them in the environment';
  return 'unknown key; codingworker.example.yaml shows every key';
}

/** The right key of the same section within a third of its letters; else one of that very name in another section. */
function nearestKey(section: string, key: string): string | undefined {
  const written = plain(key);
  const apartMax = Math.max(written.length > 3 ? 2 : 1, written.length / 3);
  const inSection = (known: string): boolean => sectionOf(known) === section;
  const ranked = configKeys()
    .map((known) => ({ known, apart: differences(plain(known.split('.').at(-1) ?? ''), written) }))
    .toSorted((a, b) => Number(inSection(b.known)) - Number(inSection(a.known)) || a.apart - b.apart);
  return ranked.find(({ known, apart }) => apart === 0 || (inSection(known) && apart <= apartMax))?.known;
}

/** Letters that were swapped count once: that is one slip of the fingers, also in a key of three letters. */
function differences(known: string, written: string): number {
  const isSwapped = known !== written && lettersOf(known) === lettersOf(written);
  return isSwapped ? 1 : distance(known, written);
}

const lettersOf = (text: string): string => Array.from(text).toSorted().join('');
const sectionOf = (known: string): string => known.split('.').slice(0, -1).join('.');
const plain = (key: string): string => key.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
