// What git prints, as it was seen, and the code that it stands for.
import { expect, test } from 'vitest';
import type { FailureCode } from '../../src/events/failure-codes.ts';
import { gitFailure, gitFailureCode } from '../../src/services/workspace/git-failures.ts';

const url = 'https://github.com/acme/shop.git/';
const hungUp = 'fatal: the remote end hung up unexpectedly';

const seen: [FailureCode, string][] = [
  ['CW-GIT-AUTH', "fatal: could not read Username for 'https://github.com': terminal prompts disabled"],
  [
    'CW-GIT-AUTH',
    "remote: Invalid username or token.\nfatal: Authentication failed for 'https://github.com/acme/shop.git/'",
  ],
  [
    'CW-GIT-AUTH',
    `remote: Write access to repository not granted.\nfatal: unable to access '${url}': The requested URL returned error: 403`,
  ],
  ['CW-GIT-AUTH', `error: RPC failed; HTTP 403 curl 22 The requested URL returned error: 403\n${hungUp}`],
  ['CW-GIT-NOT-FOUND', `remote: Repository not found.\nfatal: repository '${url}' not found`],
  ['CW-GIT-NETWORK', `fatal: unable to access '${url}': Could not resolve host: github.com`],
  [
    'CW-GIT-NETWORK',
    `fatal: unable to access '${url}': Failed to connect to github.com port 443 after 2 ms: Couldn't connect to server`,
  ],
  ['CW-GIT-NETWORK', `fatal: unable to access '${url}': The requested URL returned error: 502`],
  ['CW-GIT-NETWORK', `fatal: unable to access '${url}': The requested URL returned error: 429`],
  ['CW-GIT-NETWORK', `error: RPC failed; HTTP 500 curl 22 The requested URL returned error: 500\n${hungUp}`],
  [
    'CW-GIT-NETWORK',
    `error: RPC failed; curl 56 GnuTLS recv error (-54): Error in the pull function.\nfatal: early EOF`,
  ],
  ['CW-GIT-NETWORK', 'fetch-pack: unexpected disconnect while reading sideband packet\nfatal: early EOF'],
  ['CW-GIT-FAILED', `fatal: unable to access '${url}': SSL certificate problem: self-signed certificate`],
  [
    'CW-GIT-FAILED',
    `fatal: unable to access '${url}': server certificate verification failed. CAfile: none CRLfile: none`,
  ],
  ['CW-GIT-FAILED', `fatal: unable to access '${url}': The requested URL returned error: 418`],
  [
    'CW-WORKSPACE-DISK',
    'error: unable to create file a.txt: No space left on device\nfatal: could not reset index file',
  ],
  ['CW-WORKSPACE-DISK', 'fatal: write error: Disk quota exceeded'],
  ['CW-WORKSPACE-LOST', 'error: unable to read sha1 file of a.txt (587be6b4c3f93f93c489c0111bba5596147a26cb)'],
  [
    'CW-WORKSPACE-LOST',
    'error: object file objects/58/7be is empty\nfatal: loose object 587be (stored in objects/58/7be) is corrupt',
  ],
  ['CW-GIT-FAILED', 'fatal: something new'],
];

test.each(seen)('%s: %j', (code, stderr) => {
  expect(gitFailureCode(stderr)).toBe(code);
});

test('what the server says decides nothing', () => {
  expect(gitFailureCode('remote: fatal: Authentication failed for you\nremote: No space left on device')).toBe(
    'CW-GIT-FAILED',
  );
});

test('a failure shows git’s own words, masked, and its command and status as evidence', () => {
  const mask = (text: string) => text.replaceAll('hush', '[secret]');
  const result = { exitCode: 128, stdout: '', stderr: 'hint: try again\nfatal: hush', timedOut: false };
  const { failure } = gitFailure(['fetch', 'hush'], result, mask);
  expect(failure.message).toBe('git fetch failed. fatal: [secret]');
  expect(failure.evidence).toEqual({
    command: 'git fetch [secret]',
    exitCode: 128,
    outputTail: 'hint: try again\nfatal: [secret]',
  });
});

test('a command that was out of time is CW-GIT-TIMEOUT whatever it printed', () => {
  const result = { exitCode: null, stdout: '', stderr: 'fatal: early EOF', timedOut: true };
  expect(gitFailure(['fetch'], result, (text) => text).failure.code).toBe('CW-GIT-TIMEOUT');
});
