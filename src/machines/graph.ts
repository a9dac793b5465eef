// The task machine as a graph to draw: read from the code by XState, labelled with the words of the journal and the names of the guards.
import { toDirectedGraph } from 'xstate/graph';
import type { VerifyOutcome } from '../events/outcomes.ts';
import { workingStates } from './task-context.ts';
import { taskMachine } from './task-machine.ts';

export type GraphState = {
  name: string;
  description: string;
  /** `junction` passes on at once, `waiting` only waits, `final` ends the task. */
  kind: 'working' | 'waiting' | 'junction' | 'final';
};

export type GraphEdge = {
  /** Undefined for what every state that is not final accepts. */
  from: string | undefined;
  to: string;
  /** `event [guard]`; a branch without a guard, after others with one, is `[else]`. */
  label: string;
  /** `always` needs no event; `request` comes from outside. */
  kind: 'done' | 'error' | 'always' | 'request';
  /** Whether a task that meets no trouble goes this way. */
  isHappy: boolean;
};

export type TaskGraph = { initial: string; states: GraphState[]; edges: GraphEdge[] };

type DirectedGraph = ReturnType<typeof toDirectedGraph>;
type Transition = DirectedGraph['edges'][number]['transition'];
type StateNode = DirectedGraph['stateNode'];

/** The machine as the code has it now. Equal code gives an equal graph, in the order of the code. */
export function taskGraph(): TaskGraph {
  const root = toDirectedGraph(taskMachine);
  const states = root.children.map(({ stateNode }) => ({
    name: stateNode.key,
    description: stateNode.description ?? '',
    kind: kindOf(stateNode),
  }));
  const nodes = [root, ...root.children];
  const edges = nodes.flatMap((node) => edgesOf(node, node === root ? undefined : node.stateNode.key));
  const initial = root.stateNode.initial.target[0]?.key ?? '';
  return { initial, states, edges: markHappy(edges, initial) };
}

function kindOf(node: StateNode): GraphState['kind'] {
  if (node.type === 'final') return 'final';
  if (workingStates.some((name) => name === node.key)) return 'working';
  return node.always === undefined ? 'waiting' : 'junction';
}

/** XState's directed graph leaves out the transitions that need no event, so they are taken from the state itself. */
function edgesOf({ stateNode, edges }: DirectedGraph, from: string | undefined): GraphEdge[] {
  const transitions = [...edges.map(({ transition }) => transition), ...(stateNode.always ?? [])];
  const groups = Map.groupBy(transitions, ({ eventType }) => eventType);
  return [...groups.values()].flatMap((branches) => {
    const labels = labelsOf(branches);
    return branches.map((branch, index) => ({
      from,
      to: branch.target?.[0]?.key ?? from ?? '',
      label: labels[index] ?? '',
      kind: edgeKindOf(branch.eventType),
      isHappy: false,
    }));
  });
}

function edgeKindOf(eventType: string): GraphEdge['kind'] {
  if (eventType === '') return 'always';
  if (eventType.startsWith('xstate.done.')) return 'done';
  return eventType.startsWith('xstate.error.') ? 'error' : 'request';
}

const eventWords = { done: 'done', error: 'error', always: '' };
// The compiler asks here for every verdict that there is.
const verdicts = Object.keys({ passed: 0, unverified: 0, failed: 0 } satisfies Record<VerifyOutcome['verdict'], 0>);

/** The labels of one event's branches, which are tried in order: what an unnamed guard takes is not left for those after it. */
function labelsOf(branches: readonly Transition[]): string[] {
  const tellsVerdicts = branches.some(({ guard }) => typeof guard === 'function');
  let left = verdicts;
  return branches.map(({ eventType, guard }, index) => {
    const kind = edgeKindOf(eventType);
    const word = kind === 'request' ? eventType : eventWords[kind];
    if (typeof guard === 'function') {
      const taken = left.filter((verdict) => admits(guard, verdict));
      left = left.filter((verdict) => !taken.includes(verdict));
      return taken.join(', ');
    }
    const condition = guard === undefined ? (index === 0 ? '' : '[else]') : `[${guardName(guard)}]`;
    return `${tellsVerdicts ? left.join(', ') : word} ${condition}`.trim();
  });
}

/** Asks a guard that has no name; the only such guards read the verdict of a verification. */
function admits(guard: unknown, verdict: string): boolean {
  const ask = guard as (facts: { event: { output: { verdict: string } } }) => boolean; // an inline guard of the machine
  return ask({ event: { output: { verdict } } });
}

function guardName(guard: unknown): string {
  if (typeof guard === 'string') return guard;
  const { type, params = {} } = guard as { type: string; params?: Record<string, string> }; // XState's form with parameters
  const values = Object.values(params);
  return values.length === 0 ? type : `${type}(${values.join(', ')})`;
}

/** From the initial state the last branch that needs no event, then each state's first `done`, until a final state. */
function markHappy(edges: readonly GraphEdge[], initial: string): GraphEdge[] {
  const happy = new Set<GraphEdge>();
  let state: string | undefined = initial;
  while (state !== undefined) {
    const here = edges.filter(({ from }) => from === state);
    const next = here.find(({ kind }) => kind === 'done') ?? here.findLast(({ kind }) => kind === 'always');
    if (next === undefined || happy.has(next)) break;
    happy.add(next);
    state = next.to;
  }
  return edges.map((edge) => ({ ...edge, isHappy: happy.has(edge) }));
}
