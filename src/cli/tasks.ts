// `npm run tasks`: the tasks that have not ended, and those that ended last. Reads the state directory only, beside a running worker too.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { Command, InvalidArgumentError } from 'commander';
import { openState } from '../compose-state.ts';
import { loadConfig } from '../config.ts';
import { CodedError } from '../events/failure.ts';
import { isRequested } from '../worker/requests.ts';
import { isUnlocked } from '../worker/state-lock.ts';
import type { StateDirectory } from '../worker/state-directory.ts';
import { readTask, unlessGone } from './tasks/find-task.ts';
import { taskTable, type TaskRow } from './tasks/task-table.ts';
import { runCommand } from './run-command.ts';

type Options = { json?: true; ended: number };

await runCommand(async () => {
  const { json, ended } = new Command('npm run tasks --')
    .description('Lists the tasks that have not ended, and the last ones that have.')
    .option('--json', 'one JSON object a line for each task')
    .option('--ended <number>', 'how many ended tasks', count, 10)
    .parse()
    .opts<Options>();
  const config = await loadConfig({ environment: process.env, workingDirectory: process.cwd() });
  const state = openState(config);
  const rows = [...(await activeRows(state)), ...(await endedRows(state, ended))];
  if (json) process.stdout.write(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  else if (rows.length === 0) process.stdout.write(`No task in ${state.root} yet.\n`);
  else {
    const heading = (text: string): string => styleText('bold', text, { stream: process.stdout });
    process.stdout.write(taskTable(rows, { heading, columns: process.stdout.columns }));
    if (rows.some((row) => !row.ended) && isUnlocked(state.root))
      process.stdout.write(`No worker runs on ${state.root}.\n`);
  }
});

async function activeRows(state: StateDirectory): Promise<TaskRow[]> {
  const folder = join(state.root, 'active');
  const names = (await readdir(folder).catch(() => [])).toSorted((a, b) => a.localeCompare(b));
  const rows: TaskRow[] = [];
  for (const name of names) {
    const [, id = '', aside] = /^([a-z0-9-]+)\.jsonl(\.set-aside)?$/.exec(name) ?? [];
    if (id === '') continue;
    const row = await rowOf(id, join(folder, name), false);
    if (row) rows.push({ ...row, ...(aside && { state: 'set aside' }), cancelling: await isRequested(state, id) });
  }
  return rows;
}

/** The newest first, by the instant of the journal's last record, which is the file's. */
async function endedRows(state: StateDirectory, wanted: number): Promise<TaskRow[]> {
  const done = join(state.root, 'done');
  const months = (await readdir(done).catch(() => [])).toSorted((a, b) => b.localeCompare(a));
  const rows: TaskRow[] = [];
  for (const month of months) {
    if (rows.length >= wanted) break;
    const folder = join(done, month);
    const names = (await readdir(folder).catch(() => [])).filter((name) => /^[a-z0-9-]+\.jsonl$/.test(name));
    const dated = await Promise.all(
      names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })),
    );
    const newest = dated.toSorted((a, b) => b.at - a.at).slice(0, wanted - rows.length);
    for (const { name } of newest) {
      const row = await rowOf(name.replace('.jsonl', ''), join(folder, name), true);
      if (row) rows.push(row);
    }
  }
  return rows;
}

/** Undefined when the journal has moved meanwhile. One that cannot be read is listed with the reason: it must not hide the others. */
async function rowOf(id: string, journal: string, ended: boolean): Promise<TaskRow | undefined> {
  try {
    const found = await readTask(journal, ended).catch(unlessGone);
    if (found === undefined) return undefined;
    const { task, ...rest } = found;
    const { repository, issueNumber, title } = task;
    return { id, issue: `${repository}#${issueNumber}`, title, ...rest, cancelling: false };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    const { code, message, at } = error.failure;
    const unknown = {
      issue: '',
      title: '',
      state: 'unreadable',
      suspended: false,
      waitsForMessage: false,
      since: at,
      fixes: 0,
    };
    return { id, ...unknown, failure: { code, message }, journal, ended, cancelling: false };
  }
}

function count(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 0 to 9999.');
  return Number(text);
}
