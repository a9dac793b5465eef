// Reads a scenario of examples/scenarios: repository, issue, and what the scripted model answers in each pass.
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { replyWithFiles } from './ollama/reply-with-files.ts';
import type { Reply, Script } from './ollama/script.ts';

export const scenarioNames = ['first-try', 'one-fix', 'hopeless', 'csv', 'bugfix'] as const;
export type ScenarioName = (typeof scenarioNames)[number];

type Files = Record<string, string>;

export type Scenario = {
  name: ScenarioName;
  /** `acme/<name in package.json>`. */
  repository: string;
  files: Files;
  issue: { title: string; body: string };
  script: Script;
  /** The machine's final state that the script leads to. */
  ending: 'published' | 'failed-permanent';
};

/** How each pass's prompt begins (src/worker/prompts.ts). */
const passes: readonly { folder: string; begins: string; times?: number }[] = [
  { folder: 'implement', begins: 'Change this repository' },
  { folder: 'tests', begins: 'Write automated tests' },
  ...[1, 2, 3].map((fix) => ({ folder: `fix-${fix}`, begins: 'Repair this repository', times: 1 })),
];

const root = fileURLToPath(new URL('../../examples/scenarios/', import.meta.url));

export async function readScenario(name: ScenarioName): Promise<Scenario> {
  const files = await filesIn(join(root, name, 'repository'));
  const [heading = '', ...body] = (await readFile(join(root, name, 'issue.md'), 'utf8')).split('\n');
  const manifest = JSON.parse(files['package.json'] ?? '{}') as { name: string }; // our own file
  return {
    name,
    repository: `acme/${manifest.name}`,
    files,
    issue: { title: heading.replace(/^# /, ''), body: body.join('\n').trim() },
    script: await scriptOf(name),
    ending: name === 'hopeless' ? 'failed-permanent' : 'published',
  };
}

async function scriptOf(name: ScenarioName): Promise<Script> {
  const script: Reply[] = [];
  const folders = await readdir(join(root, name, 'model'));
  for (const { folder, begins, ...times } of passes.filter((pass) => folders.includes(pass.folder))) {
    const answer = replyWithFiles(await filesIn(join(root, name, 'model', folder)));
    script.push({ when: begins, ...times, answer });
  }
  return script;
}

async function filesIn(folder: string): Promise<Files> {
  const files: Files = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) files[relative(folder, path)] = await readFile(path, 'utf8');
  }
  return files;
}
