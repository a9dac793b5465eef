// Finds a secret in whatever form it may have left the worker: as it is, URL-encoded, or in base64 at any offset.
import { readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** True when `text` holds a secret in one of its forms. */
export type Finder = (text: string) => boolean;

export function finderOf(secrets: readonly string[]): Finder {
  const forms = secrets.flatMap((secret) => [secret, encodeURIComponent(secret), ...base64Forms(secret)]);
  return (text) => forms.some((form) => text.includes(form));
}

/** What base64 makes of the secret behind 0, 1 or 2 other bytes, without the characters that its neighbours change. Covers Basic credentials. */
function base64Forms(secret: string): string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.from('\0'.repeat(offset) + secret).toString('base64');
    const whole = Math.floor((offset + secret.length) / 3) * 4;
    return encoded.slice(offset === 0 ? 0 : 4, whole);
  });
}

/** Every file below `folder` whose name or content holds a secret. */
export async function filesWith(finder: Finder, folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const content = entry.isFile() ? await readFile(path, 'latin1') : '';
    if (finder(entry.name) || finder(content)) found.push(path);
  }
  return found;
}

export type Watch = {
  /** Every command line that was seen, arguments divided by NUL. */
  seen: ReadonlySet<string>;
  stop: () => void;
};

/** Looks at the command lines of all processes of this machine again and again (Linux's /proc), until stopped. */
export function watchCommandLines(everyMs = 20): Watch {
  const seen = new Set<string>();
  const look = (): void => {
    for (const name of readdirSync('/proc')) if (/^\d+$/.test(name)) seen.add(commandLine(name));
  };
  const timer = setInterval(look, everyMs);
  return { seen, stop: () => clearInterval(timer) };
}

/** A process may end while it is looked at. */
function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
