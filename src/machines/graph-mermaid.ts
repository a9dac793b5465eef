// The task machine as Mermaid text (stateDiagram-v2), for GitHub pages and editors that draw it themselves.
import { shareEdges } from './graph-shared.ts';
import type { GraphEdge, GraphState, TaskGraph } from './graph.ts';

const box = 'any_of_these_steps';

/** Ends with a line feed. Equal graphs give equal text. */
export function graphMermaid(graph: TaskGraph): string {
  const { members, leaving, entering, own } = shareEdges(graph);
  const active = graph.states.filter(({ kind }) => kind !== 'final');
  const inBox = active.filter(({ name }) => members.has(name));
  const lines = [
    '%% Written by `npm run graph` from src/machines/task-machine.ts.',
    'stateDiagram-v2',
    ...active.filter(({ name }) => !members.has(name)).flatMap(stateLines),
    `state "any of these steps" as ${box} {`,
    ...inBox.flatMap(stateLines).map(indented),
    ...own.filter(({ from = '', to }) => members.has(from) && members.has(to)).map((edge) => indented(edgeLine(edge))),
    '}',
    ...graph.states.filter(({ kind }) => kind === 'final').flatMap(stateLines),
    'state "any state that is not final" as any_state',
    `[*] --> ${id(graph.initial)}`,
    ...own.filter(({ from = '', to }) => !(members.has(from) && members.has(to))).map(edgeLine),
    ...entering.map((edge) => edgeLine({ ...edge, to: box })),
    ...leaving.map((edge) => edgeLine({ ...edge, from: box })),
    ...graph.states.filter(({ kind }) => kind === 'final').map(({ name }) => `${id(name)} --> [*]`),
  ];
  return `${lines.join('\n')}\n`;
}

const stateLines = ({ name, description }: GraphState): string[] => [
  `state "${name}" as ${id(name)}`,
  `${id(name)} : ${plain(description)}`,
];

const edgeLine = ({ from, to, label }: GraphEdge): string =>
  `${from === undefined ? 'any_state' : id(from)} --> ${id(to)}${label === '' ? '' : ` : ${plain(label)}`}`;

/** Mermaid reads a hyphen as the beginning of an arrow. */
const id = (name: string): string => name.replaceAll('-', '_');

/** A colon or semicolon would end the text; Mermaid takes them by their number. */
const plain = (text: string): string => text.replaceAll(/[:;#]/g, (mark) => `#${mark.charCodeAt(0)};`);

const indented = (line: string): string => `  ${line}`;
