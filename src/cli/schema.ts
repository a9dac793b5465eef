// `npm run schema`: writes docs/task-message.schema.json from the code that parses messages; with `--check` it only says whether the file is stale.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { z } from 'zod';
import { taskMessage } from '../events/task-message.ts';
import { runCommand } from './run-command.ts';

const published = fileURLToPath(new URL('../../docs/task-message.schema.json', import.meta.url));

await runCommand(async () => {
  const command = new Command('npm run schema --')
    .description('Writes the JSON Schema of the queue message.')
    .option('--check', 'change nothing; exit with status 1 when the file is stale')
    .option('--file <path>', 'the file to write or check', published)
    .parse();
  const { check, file } = command.opts<{ check?: true; file: string }>();
  const schema = schemaText();
  if (check === undefined) {
    await writeFile(file, schema);
  } else if ((await readFile(file, 'utf8').catch(() => '')) !== schema) {
    process.exitCode = 1;
    process.stderr.write(`${file} is not what the code accepts. Run \`npm run schema\`.\n`);
  }
});

/** The senders' side: what has a default may be left out. What the schema cannot say, a description does. */
function schemaText(): string {
  const { $schema, ...schema } = z.toJSONSchema(taskMessage, { io: 'input' });
  const heading = {
    $schema,
    title: 'CodingWorker task message',
    description:
      'One task for a worker: a labelled issue, or a comment on a pull request. Properties that are not named here are ignored.',
  };
  return `${JSON.stringify({ ...heading, ...schema }, undefined, 2)}\n`;
}
