// Node projects: package.json with the scripts build, lint and test, run by the project's own package manager.
import { manifestOf, scriptOf } from './node-manifest.ts';
import { installCommand, packageManagerOf, type PackageManager } from './node-package-manager.ts';
import { alteredRunner, alteredScript } from './script-guard.ts';
import type { Detector, VerifyCommand } from './verify-command.ts';

/** What `npm init` writes; it always fails, so it offers no test. */
const placeholderTest = 'echo "Error: no test specified" && exit 1';

export const nodeProject: Detector = async (checkouts) => {
  const base = await manifestOf(checkouts.base);
  if (base === undefined) return [];
  const head = await manifestOf(checkouts.head);
  const manager = await packageManagerOf(checkouts.base, base);
  const runnerRefusal = await alteredRunner(checkouts);
  const checks = (['build', 'lint', 'test'] as const)
    .filter((name) => ![undefined, placeholderTest].includes(scriptOf(base, name)?.trim()))
    .map((name) => scriptCommand(manager, name, runnerRefusal ?? alteredScript(base, head, name)));
  const install = await installCommand(manager, checkouts, { base, head });
  return install === undefined ? checks : [install, ...checks];
};

function scriptCommand(
  { program, tool }: PackageManager,
  name: 'build' | 'lint' | 'test',
  refusal: string | undefined,
): VerifyCommand {
  return {
    kind: name,
    program,
    args: ['run', name],
    display: `${program} run ${name}`,
    tool,
    ...(refusal !== undefined && { refusal }),
    ...(name === 'test' && { runner: 'script' }),
  };
}
