// Tests run in forked processes, a few at a time: they start real servers, git and Aider. A test that runs nothing, or is skipped, fails in CI.
import { defineConfig } from 'vitest/config';

const inCi = process.env['CI'] !== undefined;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // Real programs on a busy machine: a test that hangs must end, a slow one must not.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    allowOnly: false,
    passWithNoTests: false,
    reporters: inCi ? ['default', './test/support/no-skips-reporter.ts'] : ['default'],
  },
});
