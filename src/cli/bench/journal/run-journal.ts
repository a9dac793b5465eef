// Starts the journal's bench with Node's flags of the worker, in a folder of its own that is gone afterwards.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../../../services/process/run.ts';
import { workerStart } from '../worker-start.ts';
import type { JournalFacts, JournalMeasured } from './measure-journal.ts';

const program = fileURLToPath(new URL('./program.ts', import.meta.url));
const programMaxMs = 10 * 60_000;

/** On the file system of the folder for temporary files (TMPDIR). */
export async function runJournalBench(facts: JournalFacts, signal: AbortSignal): Promise<JournalMeasured> {
  const root = await mkdtemp(join(tmpdir(), 'codingworker-bench-journal-'));
  try {
    const { nodeFlags } = await workerStart(root);
    const args = [...nodeFlags, program, JSON.stringify({ root, facts })];
    const request = { program: process.execPath, args, cwd: root, timeLimitMs: programMaxMs };
    const { exitCode, outputTail } = await run({ ...request, mask: (text) => text }, signal);
    if (exitCode !== 0) throw new Error(`The journal's bench ended with status ${exitCode}:\n${outputTail}`);
    return JSON.parse(outputTail) as JournalMeasured; // printed by our own program
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
