// A pyproject.toml as far as verification needs it: whether it is a package, what it depends on, which tools it configures.
import { parse } from 'smol-toml';
import { z } from 'zod';
import { textOf } from './checkout-files.ts';

const requirements = z.array(z.string());

const pyproject = z.looseObject({
  'build-system': z.unknown().optional(),
  project: z
    .looseObject({
      dependencies: requirements.optional(),
      'optional-dependencies': z.record(z.string(), requirements).optional(),
    })
    .optional(),
  'dependency-groups': z.record(z.string(), z.array(z.unknown())).optional(),
  tool: z.record(z.string(), z.unknown()).optional(),
});
export type Pyproject = z.infer<typeof pyproject>;

/** An empty one when there is none, or when it cannot be read; pip says then what is wrong with it. */
export async function pyprojectOf(directory: string): Promise<Pyproject> {
  const text = await textOf(directory, 'pyproject.toml');
  if (text === undefined) return {};
  try {
    return pyproject.safeParse(parse(text)).data ?? {};
  } catch {
    return {};
  }
}

/** Names under which projects list what their tests need, as extras (`[project.optional-dependencies]`) or groups (PEP 735). */
const testLists = new Set(['dev', 'test', 'tests', 'testing']);

export const testExtras = (of: Pyproject): string[] =>
  Object.keys(of.project?.['optional-dependencies'] ?? {}).filter((name) => testLists.has(name));

/** The requirements of the groups for tests. Groups that these include are left out; a project with such has its own tool. */
export const testGroups = (of: Pyproject): string[] =>
  Object.entries(of['dependency-groups'] ?? {})
    .filter(([name]) => testLists.has(name))
    .flatMap(([, group]) => group.filter((entry) => typeof entry === 'string'));
