import { describe, expect, it } from 'vitest';
import type { VerifyOutcome, VerifyStep } from '../../src/events/outcomes.ts';
import { failureOfVerification } from '../../src/events/verify-failure.ts';

const step = (facts: Partial<VerifyStep>): VerifyStep => ({
  kind: 'test',
  command: 'npm run test',
  exitCode: 1,
  timedOut: false,
  outputTail: 'expected 4, got 5\n',
  durationMs: 10,
  log: { name: 'verify-1-2-test.log', sha256: 'ab' },
  ...facts,
});

const failed = (...steps: VerifyStep[]): VerifyOutcome => ({
  verdict: 'failed',
  commit: 'c0ffee',
  at: 1234,
  durationMs: 20,
  steps,
  notOffered: [],
});

describe('the failure of a verification', () => {
  it('has the code of the failing kind', () => {
    const codes = (['install', 'build', 'lint', 'test'] as const).map(
      (kind) => failureOfVerification(failed(step({ kind }))).code,
    );
    expect(codes).toEqual(['CW-VERIFY-INSTALL', 'CW-VERIFY-BUILD', 'CW-VERIFY-LINT', 'CW-VERIFY-TEST']);
  });

  it('carries the last step as evidence and the outcome’s time', () => {
    const failure = failureOfVerification(failed(step({ kind: 'build', exitCode: 0 }), step({})));
    expect(failure).toMatchObject({
      code: 'CW-VERIFY-TEST',
      at: 1234,
      retryable: false,
      message: 'The test command `npm run test` failed with exit status 1.',
      evidence: {
        command: 'npm run test',
        exitCode: 1,
        outputTail: 'expected 4, got 5\n',
        log: 'verify-1-2-test.log',
      },
    });
  });

  it('tells a time limit, a signal and a command that was not run apart', () => {
    const messages = [
      step({ exitCode: null, timedOut: true }),
      step({ exitCode: null, outputTail: '' }),
      step({ exitCode: null, outputTail: 'Not run: the change altered the script "test".\n' }),
    ].map((last) => failureOfVerification(failed(last)).message);
    expect(messages).toEqual([
      'The test command `npm run test` did not end within its time limit and was stopped.',
      'The test command `npm run test` was ended by a signal.',
      'The test command `npm run test` gave no exit status: Not run: the change altered the script "test".',
    ]);
  });

  it('survives an outcome without steps', () => {
    expect(failureOfVerification(failed()).code).toBe('CW-INTERNAL');
  });
});
