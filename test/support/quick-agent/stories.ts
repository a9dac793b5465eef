// Small stories for the quick agent: a repository whose checks run in milliseconds, its issue, and what each pass writes.
import type { Edits } from './quick-agent.ts';

export type Story = {
  files: Readonly<Record<string, string>>;
  issue: { title: string; body: string };
  edits: Edits;
};

const files = {
  Makefile:
    '.PHONY: lint test\n\nlint:\n\t@sh -n src/greet.sh\n\ntest:\n\t@for t in test/*.test.sh; do sh "$$t" || exit 1; done\n',
  'src/greet.sh': 'echo Hello\n',
  'test/plain.test.sh': 'test "$(sh src/greet.sh | cut -c 1-5)" = Hello\n',
};

const issue = {
  title: 'Greet people by their name',
  body: '`sh src/greet.sh Ada` should print `Hello, Ada`.',
};

const tests = {
  'test/greet.test.sh': 'test "$(sh src/greet.sh Ada)" = "Hello, Ada" || { echo "no comma"; exit 1; }\n',
};
const wrong = (attempt: number): Record<string, string> => ({ 'src/greet.sh': `echo "Hello $1" # try ${attempt}\n` });
const right = { 'src/greet.sh': 'echo "Hello, $1"\n' };

/** Right at once. */
export const firstTry: Story = { files, issue, edits: { generate: right, tests } };

/** The tests of the second pass find the mistake of the first; one fix repairs it. */
export const oneFix: Story = { files, issue, edits: { generate: wrong(0), tests, 'fix-1': right } };

/** No fix helps. */
export const hopeless: Story = {
  files,
  issue,
  edits: { generate: wrong(0), tests, 'fix-1': wrong(1), 'fix-2': wrong(2), 'fix-3': wrong(3) },
};
