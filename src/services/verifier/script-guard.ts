// Keeps a change from rewriting its own exam: the scripts that judge it must read as they do in the base.
import { textOf } from './checkout-files.ts';
import { scriptOf, type Manifest } from './node-manifest.ts';
import type { Checkouts } from './verify-command.ts';

/** Files that can make a package manager run something else than the script's text, for example by another shell. */
const runnerFiles = ['.npmrc', '.yarnrc', '.yarnrc.yml'];

/**
 * Why the script must not be run for this change; undefined when it may be. Compared are the script, its pre and post scripts,
 * and the scripts that these name (`npm run …`), whatever the depth.
 */
export function alteredScript(base: Manifest, head: Manifest | undefined, name: string): string | undefined {
  if (head === undefined) return refusal('the change removed package.json, or left it unreadable');
  for (const script of judgingScripts(base, name)) {
    const before = scriptOf(base, script);
    const after = scriptOf(head, script);
    if (before === after) continue;
    if (after === undefined) return refusal(`the change removed the script "${script}" (${before})`);
    if (before === undefined) return refusal(`the change added the script "${script}" (${after}), which would run too`);
    return refusal(`the change altered the script "${script}" from "${before}" to "${after}"`);
  }
  return undefined;
}

/** Why no script may be run for this change, because it altered how scripts are run. */
export async function alteredRunner({ base, head }: Checkouts): Promise<string | undefined> {
  for (const file of runnerFiles) {
    if ((await textOf(base, file)) !== (await textOf(head, file))) {
      return refusal(`the change altered ${file}, which decides how scripts are run`);
    }
  }
  return undefined;
}

const refusal = (why: string): string => `Not run: ${why}. A change is judged by the scripts of its base.\n`;

/** The script with its pre and post scripts, then those named in the texts of the ones before. */
function judgingScripts(base: Manifest, name: string): string[] {
  const names = new Set(withHooks(name));
  for (const script of names) {
    const words = scriptOf(base, script)?.split(/[\s'"`;&|()]+/) ?? [];
    for (const word of words.filter((each) => scriptOf(base, each) !== undefined)) {
      for (const each of withHooks(word)) names.add(each);
    }
  }
  return [...names];
}

const withHooks = (name: string): string[] => [`pre${name}`, name, `post${name}`];
