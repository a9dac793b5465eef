// `npm run graph`: draws the task machine into docs/ from the code; with `--check` it only says whether a file is stale.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { graphMermaid } from '../machines/graph-mermaid.ts';
import { graphSvg } from '../machines/graph-svg.ts';
import { taskGraph } from '../machines/graph.ts';
import { runCommand } from './run-command.ts';

const docs = fileURLToPath(new URL('../../docs', import.meta.url));

await runCommand(async () => {
  const { check, folder } = new Command('npm run graph --')
    .description('Draws the task machine as SVG and Mermaid.')
    .option('--check', 'change nothing; exit with status 1 when a file is stale')
    .option('--folder <path>', 'the folder to write or check', docs)
    .parse()
    .opts<{ check?: true; folder: string }>();
  const graph = taskGraph();
  const files = { 'task-machine.mmd': graphMermaid(graph), 'task-machine.svg': await graphSvg(graph) };
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    if (check === undefined) {
      await writeFile(path, content);
    } else if ((await readFile(path, 'utf8').catch(() => '')) !== content) {
      process.exitCode = 1;
      process.stderr.write(`${path} is not what the code says. Run \`npm run graph\`.\n`);
    }
  }
});
