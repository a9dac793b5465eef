// Makes the plan of a verification from what the base commit offers.
//
// Every kind of project found in the top folder counts, in the order Node, Python, Go, Rust: a repository of two kinds is only
// verified when both are. A kind that offers neither build, lint nor test is left out, its installation too (a package.json
// that only holds a formatter). A Makefile counts only when none of them offers anything: where there is a project file, its
// own commands are the ones that are known to run anywhere. The commands then run by kind: all installations, all builds,
// all linters, all tests.
import type { VerifyStepKind } from '../../events/outcomes.ts';
import { goProject } from './go-project.ts';
import { makeProject } from './make-project.ts';
import { nodeProject } from './node-project.ts';
import { pythonProject } from './python-project.ts';
import { rustProject } from './rust-project.ts';
import type { Checkouts, VerifyCommand } from './verify-command.ts';

const detectors = [nodeProject, pythonProject, goProject, rustProject];
const kinds: readonly VerifyStepKind[] = ['install', 'build', 'lint', 'test'];
/** The kinds that say something about the change; an installation alone does not. */
export const checkKinds: readonly VerifyStepKind[] = ['build', 'lint', 'test'];

/** The commands in the order in which they are to be run; none when the repository offers none. */
export async function planVerification(checkouts: Checkouts): Promise<VerifyCommand[]> {
  const found: VerifyCommand[] = [];
  for (const detect of detectors) {
    const commands = await detect(checkouts);
    if (commands.some((command) => checkKinds.includes(command.kind))) found.push(...commands);
  }
  const all = found.length > 0 ? found : await makeProject(checkouts);
  return kinds.flatMap((kind) => all.filter((command) => command.kind === kind));
}
