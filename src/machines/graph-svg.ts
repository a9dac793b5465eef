// The task machine as an SVG file: Graphviz lays the picture out, in WebAssembly, so that nothing needs to be installed.
import { instance } from '@viz-js/viz';
import { picture, quietInk } from './graph-picture.ts';
import type { TaskGraph } from './graph.ts';

const description =
  'The states of a task. The green path is a task without trouble, amber edges are errors of a step, double lines are final states.';

/** An SVG file, ending with a line feed. Equal graphs give equal bytes. */
export async function graphSvg(graph: TaskGraph): Promise<string> {
  const viz = await instance();
  return viz
    .renderString(picture(graph), { format: 'svg' })
    .replace(/^.*?<svg/s, '<svg role="img"')
    .replaceAll(/<!--.*?-->\n/gs, '')
    .replace(/<g id="graph0"/, `<title>The task machine</title>\n<desc>${description}</desc>\n$&`)
    .replaceAll(/<g id="[^"]*" class="node">.*?<\/g>/gs, nameAndDescription);
}

/** Graphviz sets a label in one size: the first line of a state's label is its name, the others describe it. */
function nameAndDescription(node: string): string {
  let line = 0;
  return node.replaceAll(/ font-size="[^"]*"(?: fill="[^"]*")?/g, (attributes) => {
    line += 1;
    return line === 1 ? ' font-size="15.00" font-weight="bold"' : `${attributes.split(' fill=')[0]} fill="${quietInk}"`;
  });
}
