// What is in the machine's picture and how it looks, in Graphviz's terms.
import type { Attributes, Edge, Graph, Node } from '@viz-js/viz';
import { shareEdges } from './graph-shared.ts';
import type { GraphEdge, GraphState, TaskGraph } from './graph.ts';

const paper = '#ffffff';
const shade = '#f6f8fa';
const ink = '#1f2328';
export const quietInk = '#59636e';
const green = '#1a7f37';
const paleGreen = '#eafbee';
const amber = '#9a6700';

/** Graphviz measures text by its own table for these fonts, so that the picture is the same on every machine. */
const font = { fontname: 'Helvetica,Arial,sans-serif', fontsize: 12 };
/** Characters a line of a description. */
const wrapAt = 30;
const anyState = 'any state';

/** The whole picture; edges that most steps share come from a box around these. */
export function picture(graph: TaskGraph): Graph {
  const { members, leaving, entering, own } = shareEdges(graph);
  const happy = new Set(own.filter(({ isHappy }) => isHappy).flatMap(({ from = '', to }) => [from, to]));
  const node = (state: GraphState): Node => ({ name: state.name, attributes: stateLook(state, happy.has(state.name)) });
  const inBox = graph.states.filter(({ name }) => members.has(name));
  const outside = graph.states.filter(({ name }) => !members.has(name));
  const unhappyEnds = outside.filter(({ name, kind }) => kind === 'final' && !happy.has(name));
  // An edge of the box needs a state in it to be laid out by; this one keeps them off the happy path.
  const beside = inBox.findLast(({ name }) => !happy.has(name))?.name;
  return {
    directed: true,
    graphAttributes: {
      bgcolor: paper,
      pad: 0.25,
      nodesep: 0.45,
      ranksep: 0.42,
      compound: true,
      newrank: true,
      ...font,
    },
    nodeAttributes: { shape: 'box', style: 'rounded,filled', margin: '0.16,0.1', width: 2.7, ...font },
    edgeAttributes: { arrowsize: 0.8, ...font },
    subgraphs: [
      { name: 'cluster_steps', graphAttributes: boxLook, nodes: inBox.map(node) },
      { graphAttributes: { rank: 'same' }, nodes: unhappyEnds.map(({ name }) => ({ name })) },
    ],
    nodes: [...outside.map(node), { name: anyState, attributes: anyStateLook }],
    edges: [
      ...own.map((edge) => edgeOf(edge)),
      ...entering.map((edge) => edgeOf({ ...edge, to: inBox[0]?.name ?? edge.to }, { lhead: 'cluster_steps' })),
      ...leaving.map((edge) => edgeOf({ ...edge, from: beside ?? edge.from }, { ltail: 'cluster_steps' })),
    ],
  };
}

const boxLook: Attributes = {
  style: 'rounded,filled',
  fillcolor: shade,
  color: '#d0d7de',
  margin: 14,
  label: 'any of these steps\u00a0\u00a0',
  labeljust: 'r',
  fontcolor: quietInk,
};

const anyStateLook: Attributes = {
  label: `${anyState}\nthat is not final`,
  style: 'rounded,dashed',
  color: quietInk,
  fontcolor: ink,
  width: 0,
};

function stateLook({ name, description, kind }: GraphState, isHappy: boolean): Attributes {
  return {
    label: [name, ...wrapped(description)].join('\n'),
    // Graphviz draws edges within a group straight.
    group: isHappy ? 'happy' : name,
    color: isHappy ? green : quietInk,
    fontcolor: ink,
    fillcolor: isHappy ? paleGreen : paper,
    peripheries: kind === 'final' ? 2 : 1,
    penwidth: isHappy ? 1.6 : 1,
  };
}

function edgeOf({ from = anyState, to, label, isHappy, kind }: GraphEdge, more: Attributes = {}): Edge {
  const line = isHappy ? green : kind === 'error' ? amber : quietInk;
  const weight = isHappy ? { style: 'solid', penwidth: 2.4, weight: 50 } : { style: 'dashed', penwidth: 1.1 };
  const attributes = { label: `\u00a0${label}\u00a0`, color: line, fontcolor: line, ...weight, ...more };
  return { tail: from, head: to, attributes };
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > wrapAt) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
