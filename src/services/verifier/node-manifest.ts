// A package.json as far as verification needs it.
import { z } from 'zod';
import { textOf } from './checkout-files.ts';

const record = z.record(z.string(), z.unknown());

const manifest = z.looseObject({
  scripts: record.optional(),
  packageManager: z.string().optional(),
  dependencies: record.optional(),
  devDependencies: record.optional(),
  optionalDependencies: record.optional(),
  peerDependencies: record.optional(),
  overrides: z.unknown().optional(),
  resolutions: z.unknown().optional(),
  workspaces: z.unknown().optional(),
});
export type Manifest = z.infer<typeof manifest>;

/** Undefined when there is none, or when it is not a manifest; the package manager says then what is wrong with it. */
export async function manifestOf(directory: string): Promise<Manifest | undefined> {
  const text = await textOf(directory, 'package.json');
  if (text === undefined) return undefined;
  try {
    return manifest.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** The text of a script; undefined when there is none. */
export function scriptOf(of: Manifest | undefined, name: string): string | undefined {
  const scripts = of?.scripts ?? {};
  const text = Object.hasOwn(scripts, name) ? scripts[name] : undefined;
  return typeof text === 'string' && text.trim() !== '' ? text : undefined;
}

/** All that decides which packages are installed, in a form that can be compared. */
export const dependenciesOf = (of: Manifest | undefined): string =>
  JSON.stringify([
    of?.dependencies,
    of?.devDependencies,
    of?.optionalDependencies,
    of?.peerDependencies,
    of?.overrides,
    of?.resolutions,
    of?.workspaces,
  ]);

export const hasDependencies = (of: Manifest | undefined): boolean =>
  of?.workspaces !== undefined ||
  [of?.dependencies, of?.devDependencies, of?.optionalDependencies].some((list) => Object.keys(list ?? {}).length > 0);
