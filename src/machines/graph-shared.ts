// Edges that most steps have alike are drawn once, for a box around these steps, not once for each.
import type { GraphEdge, TaskGraph } from './graph.ts';

export type SharedEdges = {
  /** The states in the box: the largest set of states that end alike in an error. */
  members: Set<string>;
  /** Edges that leave every member, once; `from` is the first member that has it. */
  leaving: GraphEdge[];
  /** Edges by which one state goes to several members under one guard; `to` is the first of them. */
  entering: GraphEdge[];
  /** All other edges. */
  own: GraphEdge[];
};

export function shareEdges({ states, edges }: TaskGraph): SharedEdges {
  const members = largestSetAlike(
    states.map(({ name }) => name),
    edges,
  );
  const entering = [...Map.groupBy(edges.filter(isGuardedEntry(members)), entryOf).entries()].filter(
    ([, alike]) => alike.length > 1,
  );
  const entered = new Set(entering.flatMap(([, alike]) => alike));
  const isLeaving = ({ from, kind }: GraphEdge): boolean => kind === 'error' && from !== undefined && members.has(from);
  const [first] = members;
  return {
    members,
    leaving: edges.filter((edge) => edge.from === first && isLeaving(edge)),
    entering: entering.flatMap(([, [edge]]) => (edge ? [{ ...edge, label: withoutValues(edge.label) }] : [])),
    own: edges.filter((edge) => !isLeaving(edge) && !entered.has(edge)),
  };
}

function largestSetAlike(names: readonly string[], edges: readonly GraphEdge[]): Set<string> {
  const errorsOf = (name: string): GraphEdge[] => edges.filter(({ from, kind }) => from === name && kind === 'error');
  const alike = Map.groupBy(
    names.filter((name) => errorsOf(name).length > 0),
    (name) => JSON.stringify(errorsOf(name).map(({ to, label }) => [to, label])),
  );
  const [largest = []] = [...alike.values()].toSorted((a, b) => b.length - a.length);
  return new Set(largest);
}

const isGuardedEntry =
  (members: ReadonlySet<string>) =>
  ({ from, to, kind }: GraphEdge): boolean =>
    kind === 'always' && from !== undefined && !members.has(from) && members.has(to);

const entryOf = ({ from, label }: GraphEdge): string => `${from} ${withoutValues(label)}`;

/** `[beginsAt(fixing)]` → `[beginsAt(…)]` */
const withoutValues = (label: string): string => label.replace(/\(.*\)/, '(…)');
