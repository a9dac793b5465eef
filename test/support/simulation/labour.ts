// The agent and the verifier of one process: they take minutes, and how they end is left to chance.
import { coded } from '../../../src/events/failure.ts';
import type { Agent } from '../../../src/services/agent/agent.ts';
import type { Verifier } from '../../../src/services/verifier/verifier.ts';
import type { SimulatedDisk } from './disk.ts';
import type { SimulatedProcess } from './process.ts';
import { workingDirectory, type WorkingCopies } from './workspace.ts';

/** How often the model is down, the agent fails for good, and a verification passes. */
export type LabourChances = { transient: number; permanent: number; pass: number };

const identity = { name: 'simulated', version: '1', model: 'none' };

export function agentPort(
  disk: SimulatedDisk,
  copies: WorkingCopies,
  process: SimulatedProcess,
  chances: LabourChances,
): Agent {
  const { random } = process.host;
  return {
    identify: async () => identity,
    run: ({ directory, recordsDirectory }, signal) =>
      process.local(
        random.between(5_000, 400_000),
        () => {
          if (random.chance(chances.transient)) throw coded('CW-MODEL-UNREACHABLE', 'The simulated model is down.');
          if (random.chance(chances.permanent)) throw coded('CW-AGENT-TIMEOUT', 'The simulated agent hangs.');
          const copy = [...copies].find(([taskId]) => workingDirectory(taskId) === directory)?.[1];
          if (copy && !random.chance(0.05)) copy.edits = `edit ${random.next()}`;
          const transcript = `${recordsDirectory}/transcript.log`;
          disk.write(disk.file(transcript) ?? disk.addFile(transcript), Buffer.from('edited\n'), 0);
          return { agent: identity, transcript };
        },
        signal,
      ),
  };
}

export function verifierPort(process: SimulatedProcess, chances: LabourChances): Verifier {
  const { random } = process.host;
  return {
    verify: ({ logPrefix }, signal) =>
      process.local(
        random.between(2_000, 120_000),
        () => {
          if (random.chance(0.04)) return { verdict: 'unverified', steps: [], notOffered: ['build', 'lint', 'test'] };
          const passed = random.chance(chances.pass);
          const log = { name: `${logPrefix}-test.log`, sha256: '0'.repeat(64) };
          const observed = { exitCode: passed ? 0 : 1, timedOut: false, outputTail: passed ? 'ok\n' : 'not ok\n' };
          const step = { kind: 'test' as const, command: 'npm test', ...observed, log, durationMs: 1_000 };
          return { verdict: passed ? 'passed' : 'failed', steps: [step], notOffered: ['build', 'lint'] };
        },
        signal,
      ),
  };
}
