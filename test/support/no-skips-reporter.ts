// In CI a test that did not run is a failure: it says what it could not do, and nobody would read that in a green run. Prints the counts.
import type { Reporter, TestCase, TestModule } from 'vitest/node';

export default class NoSkipsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const counts = { passed: 0, failed: 0, skipped: 0 };
    for (const test of tests) counts[stateOf(test)] += 1;
    for (const test of tests.filter((each) => stateOf(each) === 'skipped')) {
      process.stderr.write(`skipped: ${test.module.relativeModuleId} > ${test.fullName}\n`);
    }
    if (counts.skipped > 0 || counts.passed === 0) process.exitCode = 1;
    process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
  }
}

function stateOf(test: TestCase): 'passed' | 'failed' | 'skipped' {
  const { state } = test.result();
  return state === 'pending' ? 'failed' : state;
}
