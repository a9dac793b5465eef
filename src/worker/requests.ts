// What the operator asks of a running worker: one file a task below requests/, there until it is done, so that no crash forgets it.
import { join } from 'node:path';
import { z } from 'zod';
import { failureMessageMaxChars } from '../events/bounds.ts';
import { coded } from '../events/failure.ts';
import { writeWhole } from '../services/disk/write-file.ts';
import type { CancelRequest } from './cancellation.ts';
import type { StateDirectory } from './state-directory.ts';

const suffix = '.json';
const text = z.string().max(failureMessageMaxChars);
const requestFile = z.object({ version: z.literal(1), request: z.literal('cancel'), by: text, reason: text });

const fileOf = (state: StateDirectory, taskId: string): string => join(state.requests, `${taskId}${suffix}`);

/** Asks for a task's cancellation. On disk when it resolves; a request that is there already is replaced. Throws `CW-JOURNAL-WRITE`. */
export async function requestCancel(state: StateDirectory, taskId: string, { by, reason }: CancelRequest) {
  const content = { version: 1, request: 'cancel', by: short(by), reason: short(reason) };
  try {
    await state.disk.makeFolder(state.requests);
    await writeWhole(state.disk, fileOf(state, taskId), Buffer.from(`${JSON.stringify(content)}\n`));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw coded('CW-JOURNAL-WRITE', `The request could not be written: ${why}.`, { cause });
  }
}

/** Ids of the tasks for which something is asked. */
export async function requestedTasks({ disk, requests }: StateDirectory): Promise<string[]> {
  const names = await disk.list(requests).catch(() => []);
  return names
    .filter((name) => name.endsWith(suffix))
    .map((name) => name.slice(0, -suffix.length))
    .toSorted();
}

/** Undefined when it is no request that this version knows. */
export async function readRequest(state: StateDirectory, taskId: string): Promise<CancelRequest | undefined> {
  const bytes = await state.disk.read(fileOf(state, taskId));
  try {
    const { by, reason } = requestFile.parse(JSON.parse(bytes.toString('utf8')));
    return { by, reason };
  } catch {
    return undefined;
  }
}

export const isRequested = (state: StateDirectory, taskId: string): Promise<boolean> =>
  state.disk.exists(fileOf(state, taskId));

export const dropRequest = (state: StateDirectory, taskId: string): Promise<void> =>
  state.disk.remove(fileOf(state, taskId));

const short = (given: string): string => given.toWellFormed().slice(0, failureMessageMaxChars);
