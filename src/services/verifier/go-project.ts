// Go modules: go.mod in the top folder. Vet stands for lint; it is part of every Go installation.
import { findFiles, has, textOf } from './checkout-files.ts';
import { lostTests } from './lost-tests.ts';
import type { Detector, VerifyCommand } from './verify-command.ts';

const tool = { name: 'go', get: 'Install Go from https://go.dev/dl.' };
const testFile = /_test\.go$/;

const go = (kind: VerifyCommand['kind'], ...args: string[]): VerifyCommand => ({
  kind,
  program: 'go',
  args,
  display: ['go', ...args].join(' '),
  tool,
});

export const goProject: Detector = async ({ base, head }) => {
  if (!(await has(base, 'go.mod'))) return [];
  const needsModules = /^\s*require\b/m.test((await textOf(head, 'go.mod')) ?? '');
  const isVendored = await has(head, 'vendor/modules.txt');
  const refusal = lostTests(await findFiles(base, testFile), await findFiles(head, testFile));
  return [
    ...(needsModules && !isVendored ? [go('install', 'mod', 'download')] : []),
    // With one main package, `go build ./...` would write its binary into the checkout.
    go('build', 'build', '-o', '/dev/null', './...'),
    go('lint', 'vet', './...'),
    { ...go('test', 'test', './...'), runner: 'go', ...(refusal !== undefined && { refusal }) },
  ];
};
