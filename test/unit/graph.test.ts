// The picture in docs/ is the machine in the code: every state, every transition, no other, and the committed files are not stale.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { graphMermaid } from '../../src/machines/graph-mermaid.ts';
import { shareEdges } from '../../src/machines/graph-shared.ts';
import { graphSvg } from '../../src/machines/graph-svg.ts';
import { taskGraph } from '../../src/machines/graph.ts';
import { taskMachine } from '../../src/machines/task-machine.ts';
import { maskOf } from '../../src/services/process/mask.ts';
import { run } from '../../src/services/process/run.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const docs = join(root, 'docs');
const graph = taskGraph();

test('every state of the machine is in the graph, with its description', () => {
  expect(graph.states.map(({ name }) => name)).toEqual(Object.keys(taskMachine.states));
  expect(graph.states.filter(({ description }) => description === '')).toEqual([]);
});

test('every transition of the machine is an edge', () => {
  const nodes = [taskMachine.root, ...Object.values(taskMachine.states)];
  const transitions = nodes.flatMap((node) => [...node.transitions.values(), node.always ?? []].flat());
  expect(graph.edges).toHaveLength(transitions.length);
});

test('the happy path leads from the start to the pull request', () => {
  const happy = graph.edges.filter(({ isHappy }) => isHappy);
  expect([graph.initial, ...happy.map(({ to }) => to)]).toEqual([
    'starting',
    'cloning',
    'generating',
    'testing-pass',
    'verifying',
    'publishing',
    'published',
  ]);
});

test('a verification is labelled with its verdicts and the names of the guards', () => {
  const ends = graph.edges.filter(({ from, kind }) => from === 'verifying' && kind === 'done');
  expect(ends.map(({ to, label }) => `${label} → ${to}`)).toEqual([
    'passed, unverified → publishing',
    'failed [mayFix] → fixing',
    'failed [else] → reporting',
  ]);
});

test('every edge has words, and a guard shows its parameter', () => {
  expect(graph.edges.map(({ label }) => label)).toContain('[beginsAt(testing-pass)]');
  expect(graph.edges.filter(({ label }) => label === '')).toEqual([]);
});

test('edges are shared only where every state in the box has them', () => {
  const { members, leaving, entering, own } = shareEdges(graph);
  expect([...members]).toEqual(['cloning', 'generating', 'testing-pass', 'verifying', 'fixing', 'publishing']);
  const shared = graph.edges.filter(({ from = '', kind }) => kind === 'error' && members.has(from));
  for (const state of members) {
    const ofState = shared.filter(({ from }) => from === state).map(({ to, label }) => ({ to, label }));
    expect(ofState).toEqual(leaving.map(({ to, label }) => ({ to, label })));
  }
  const entered = graph.edges.filter(({ from, label }) => from === 'starting' && label.startsWith('[beginsAt('));
  expect(entering.map(({ label }) => label)).toEqual(['[beginsAt(…)]']);
  // Reporting is outside of the box and keeps its own edge.
  expect(own.length + shared.length + entered.length - 1).toBe(graph.edges.length);
});

test.each(['task-machine.svg', 'task-machine.mmd'])('docs/%s is not stale', async (name) => {
  const content = name.endsWith('.svg') ? await graphSvg(graph) : graphMermaid(graph);
  expect(await readFile(join(docs, name), 'utf8')).toBe(content);
});

test('drawing twice gives the same bytes, with a background and generic fonts', async () => {
  const svg = await graphSvg(graph);
  expect(await graphSvg(taskGraph())).toBe(svg);
  expect(svg).toContain('<polygon fill="#ffffff" stroke="none"');
  expect(new Set(svg.match(/font-family="[^"]*"/g))).toEqual(new Set(['font-family="Helvetica,Arial,sans-serif"']));
  expect(svg).not.toMatch(/<!--|<script|href=/);
});

describe('npm run graph -- --check', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'graph-'));
    for (const name of ['task-machine.svg', 'task-machine.mmd']) await cp(join(docs, name), join(folder, name));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const check = async (): Promise<{ exitCode: number | null; outputTail: string }> => {
    const args = [join(root, 'src/cli/graph.ts'), '--check', '--folder', folder];
    const request = { program: process.execPath, args, cwd: root, timeLimitMs: 60_000, mask: maskOf([]) };
    return run(request, new AbortController().signal);
  };

  test('accepts the committed files and refuses an edited one', async () => {
    expect(await check()).toMatchObject({ exitCode: 0, outputTail: '' });
    const path = join(folder, 'task-machine.mmd');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('fixing', 'mending'));
    const refused = await check();
    expect(refused.exitCode).toBe(1);
    expect(refused.outputTail).toContain('task-machine.mmd is not what the code says');
    expect(await readFile(path, 'utf8')).toContain('mending');
  });
});
