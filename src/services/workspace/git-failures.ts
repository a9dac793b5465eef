// Tells a failure of git by what it printed. Its exit status is 128 for nearly everything, so the messages of the C locale must do.
import { outputTailMaxChars } from '../../events/bounds.ts';
import { coded, type CodedError } from '../../events/failure.ts';
import type { FailureCode } from '../../events/failure-codes.ts';
import type { Mask } from '../process/mask.ts';
import type { GitResult } from './git-command.ts';

type Sign = { says: RegExp; code: FailureCode };

/** Read in git 2.39 (http.c, remote-curl.c, credential.c, read-cache.c, object-file.c), unchanged up to 2.51. The first that fits counts. */
const signs: readonly Sign[] = [
  { says: /No space left on device|Disk quota exceeded/, code: 'CW-WORKSPACE-DISK' },
  { says: /^fatal: could not read (Username|Password) for /m, code: 'CW-GIT-AUTH' },
  { says: /^fatal: Authentication failed for /m, code: 'CW-GIT-AUTH' },
  { says: /returned error: 40[13]\b|RPC failed; HTTP 40[13]\b/, code: 'CW-GIT-AUTH' },
  { says: /^fatal: repository '.*' not found$/m, code: 'CW-GIT-NOT-FOUND' },
  { says: /returned error: (404|410)\b|RPC failed; HTTP (404|410)\b/, code: 'CW-GIT-NOT-FOUND' },
  // A certificate does not get better by waiting.
  { says: /^fatal: unable to access '.*': .*certificate/m, code: 'CW-GIT-FAILED' },
  { says: /returned error: (408|429|5\d\d)\b|^error: RPC failed;/m, code: 'CW-GIT-NETWORK' },
  { says: /^fatal: unable to access '.*': (?!The requested URL returned error)/m, code: 'CW-GIT-NETWORK' },
  { says: /early EOF|unexpected disconnect|hung up unexpectedly|expected flush after/, code: 'CW-GIT-NETWORK' },
  { says: /invalid index-pack output|^fatal: expected '?packfile/m, code: 'CW-GIT-NETWORK' },
  { says: /unable to read (sha1 file|tree)|bad object|Could not parse object/, code: 'CW-WORKSPACE-LOST' },
  { says: /(loose|packed) object .* is corrupt|object file .* is empty/, code: 'CW-WORKSPACE-LOST' },
  { says: /^fatal: not a git repository/m, code: 'CW-WORKSPACE-LOST' },
];

/** What the server says is text of strangers: it is shown, but decides nothing. */
const ownLines = (stderr: string): string =>
  stderr
    .split('\n')
    .filter((line) => !line.startsWith('remote:'))
    .join('\n');

/** The code for what git printed; `CW-GIT-FAILED` when it is none that we know. */
export function gitFailureCode(stderr: string): FailureCode {
  const text = ownLines(stderr);
  return signs.find((sign) => sign.says.test(text))?.code ?? 'CW-GIT-FAILED';
}

/** The error to throw for a command that failed, with its masked output as evidence. `code` overrides what the output says. */
export function gitFailure(args: readonly string[], result: GitResult, mask: Mask, code?: FailureCode): CodedError {
  const said = mask((result.stderr === result.stdout ? result.stderr : `${result.stderr}\n${result.stdout}`).trim());
  const command = mask(['git', ...args].join(' '));
  const why = result.timedOut ? 'It did not end in time.' : summary(said);
  const chosen = result.timedOut ? 'CW-GIT-TIMEOUT' : gitFailureCode(result.stderr);
  return coded(code ?? chosen, `git ${args[0] ?? ''} failed. ${why}`, {
    evidence: { command, exitCode: result.exitCode, outputTail: said.slice(-outputTailMaxChars) },
  });
}

/** The lines in which git says what went wrong; a hint or a progress line is none. */
function summary(said: string): string {
  const lines = said.split('\n').filter((line) => line.trim() !== '');
  const telling = lines.filter((line) => /^(fatal|error|remote): |^!\t/.test(line));
  return (telling.length > 0 ? telling : lines.slice(-1)).slice(0, 4).join(' ');
}
