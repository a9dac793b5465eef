// `npm run cancel -- <task>`: asks the worker to end a task, by a file in the state directory, and tells what became of it.
import { userInfo } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { openState } from '../compose-state.ts';
import { loadConfig } from '../config.ts';
import { cancelLookMs } from '../events/bounds.ts';
import { coded } from '../events/failure.ts';
import { systemClock } from '../services/clock/clock.ts';
import { isRequested, requestCancel } from '../worker/requests.ts';
import { isUnlocked } from '../worker/state-lock.ts';
import { findTask } from './tasks/find-task.ts';
import { runCommand } from './run-command.ts';

await runCommand(async () => {
  const command = new Command('npm run cancel --')
    .description('Cancels a task that has not ended: its work is stopped, its message deleted, and nothing published.')
    .argument('<task>', 'the task’s id, as `npm run tasks` lists it')
    .option('--reason <text>', 'why, for the journal', 'cancelled by the operator')
    .option('--wait <seconds>', 'how long to wait for the worker', seconds, 15)
    .parse();
  const id = command.args[0] ?? '';
  const { reason, wait } = command.opts<{ reason: string; wait: number }>();
  const config = await loadConfig({ environment: process.env, workingDirectory: process.cwd() });
  const state = openState(config);
  const { ended, state: where } = await findTask(state, id);
  if (ended) throw coded('CW-TASK-ENDED', `The task ${id} has ended already: ${where}.`);
  await requestCancel(state, id, { by: userInfo().username, reason });
  if (isUnlocked(state.root)) {
    process.stdout.write(`Asked for. No worker runs on ${state.root}; the next one that does will cancel it.\n`);
    return;
  }
  if (!(await isDone(() => isRequested(state, id), wait * 1000))) {
    process.stdout.write(
      'Asked for. It has not ended yet: it is just being published or settled, or the worker is busy.\n',
    );
    return;
  }
  const now = await findTask(state, id);
  if (!now.ended) throw coded('CW-TASK-NOT-CANCELLED', `The worker could not cancel ${id}; it is still ${now.state}.`);
  if (now.state !== 'cancelled') throw coded('CW-TASK-ENDED', `The task ${id} had ended before that: ${now.state}.`);
  process.stdout.write(`${id} is cancelled, and its message deleted.\n`);
});

/** Whether the worker has done with the request within `waitMs`. The agent's end alone may take 3 s. */
async function isDone(isThere: () => Promise<boolean>, waitMs: number): Promise<boolean> {
  const began = systemClock.elapsed();
  const never = new AbortController().signal;
  while (systemClock.elapsed() - began < waitMs) {
    if (!(await isThere())) return true;
    await systemClock.sleep(cancelLookMs, never);
  }
  return false;
}

function seconds(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 0 to 9999.');
  return Number(text);
}
