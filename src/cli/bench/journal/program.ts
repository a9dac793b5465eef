// The journal's bench as a process of its own, which nothing but the journal keeps busy: facts as JSON in, measurement as JSON out.
import { z } from 'zod';
import { runCommand } from '../../run-command.ts';
import { measureJournal } from './measure-journal.ts';

const program = z.object({
  root: z.string(),
  facts: z.object({ levels: z.array(z.int().positive()), pairs: z.int().positive(), tasksPerTurn: z.int().positive() }),
});

await runCommand(async () => {
  const { root, facts } = program.parse(JSON.parse(process.argv[2] ?? ''));
  process.stdout.write(JSON.stringify(await measureJournal(root, facts, new AbortController().signal)));
});
