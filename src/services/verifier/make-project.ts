// Projects that say by a Makefile how they are built and tested: its explicit targets build, lint and test (or check).
import { textOf } from './checkout-files.ts';
import type { Detector, VerifyCommand } from './verify-command.ts';

/** In the order in which GNU make looks for them. */
const makefiles = ['GNUmakefile', 'makefile', 'Makefile'];
/** `check` is GNU's name for the tests; `install` is never run, since it changes the machine. */
const targets = { build: ['build'], lint: ['lint'], test: ['test', 'check'] } as const;

const tool = {
  name: 'make',
  get: 'Install it with `apt-get install make`, or with `xcode-select --install` on a Mac.',
};

export const makeProject: Detector = async ({ base }) => {
  const offered = targetsIn(await makefileOf(base));
  return (['build', 'lint', 'test'] as const).flatMap((kind): VerifyCommand[] => {
    const target = targets[kind].find((name) => offered.has(name));
    if (target === undefined) return [];
    return [{ kind, program: 'make', args: [target], display: `make ${target}`, tool, runner: 'make' }];
  });
};

async function makefileOf(base: string): Promise<string> {
  for (const name of makefiles) {
    const text = await textOf(base, name);
    if (text !== undefined) return text;
  }
  return '';
}

/** The targets of explicit rules: words before a colon that is not part of an assignment. Included files are not read. */
function targetsIn(makefile: string): Set<string> {
  const rules = makefile.matchAll(/^([A-Za-z0-9_./ -]+?)\s*::?(?![:=])/gm);
  return new Set([...rules].flatMap((rule) => rule[1]?.split(/\s+/) ?? []));
}
