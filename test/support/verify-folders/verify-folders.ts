// Two checkouts and a folder for logs, as a verifier is given them, made of the files that a test names.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { VerifyRequest } from '../../../src/services/verifier/verifier.ts';

/** Path → content; null takes the file away that the base has. */
export type Files = Readonly<Record<string, string | null>>;

export type VerifyFolders = {
  /** A request for the base with the change laid over it. */
  request(base: Files, change?: Files): VerifyRequest;
  remove(): void;
};

export function verifyFolders(): VerifyFolders {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'verify-')));
  let made = 0;
  return {
    request(base, change = {}) {
      made += 1;
      const folder = join(root, `${made}`);
      const request = {
        directory: join(folder, 'head'),
        baseDirectory: join(folder, 'base'),
        logsDirectory: join(folder, 'logs'),
        logPrefix: 'verify-1',
        timeLimitMs: 120_000,
      };
      mkdirSync(request.logsDirectory, { recursive: true });
      write(request.baseDirectory, base);
      write(request.directory, { ...base, ...change });
      return request;
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

function write(directory: string, files: Files): void {
  mkdirSync(directory, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    if (content === null) continue;
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
}
