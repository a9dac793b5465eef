// Ends a program with all that it started: its process group by signal, and what left the group by the mark in its environment.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { killPassesMax } from '../../events/bounds.ts';

/** Name of the variable that marks every process of a run; nested workers add their own mark behind a space. */
const markName = 'CODINGWORKER_RUN';
let runs = 0;

/** The variable to start one run with. Its value names this worker (PID namespace, PID, start time) and the run. */
export function newMark(): { name: string; value: string; token: string } {
  runs += 1;
  const token = `${pidNamespace()}.${process.pid}.${startTimeOf(process.pid) ?? 0}.${runs}`;
  const outer = process.env[markName];
  return { name: markName, value: outer === undefined ? token : `${outer} ${token}`, token };
}

/** Sends a signal to the whole group. A group that is gone is no error, nor one of zombies, for which macOS answers EPERM. */
export function signalGroup(leader: number | undefined, signal: NodeJS.Signals): void {
  if (leader === undefined) return;
  signalProcess(-leader, signal);
}

/** Kills every process that carries the run's token. Linux only: elsewhere the group is all that is ended. */
export function killMarked(token: string): void {
  killWhere((tokens) => tokens.includes(token));
}

/**
 * Kills what the runs of a worker left behind that was itself killed before it could end them. To be called once at start,
 * before a working copy is used again. Returns how many processes there were. Linux only.
 */
export function killLeftovers(): number {
  const namespace = pidNamespace();
  const isLeft = (token: string): boolean => {
    const [space, pid, startTime] = token.split('.');
    return space === namespace && pid !== undefined && startTime !== startTimeOf(Number(pid));
  };
  return killWhere((tokens) => tokens.some(isLeft));
}

function killWhere(isOurs: (tokens: string[]) => boolean): number {
  const killed = new Set<number>();
  for (let pass = 0; pass < killPassesMax; pass += 1) {
    const found = processIds().filter((pid) => !killed.has(pid) && isOurs(tokensOf(pid)));
    if (found.length === 0) break;
    for (const pid of found) {
      killed.add(pid);
      signalProcess(pid, 'SIGKILL');
    }
  }
  return killed.size;
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}

/** All processes but this one, by the proc file system; none where there is no such thing. */
const processIds = (): number[] =>
  (quietly(() => readdirSync('/proc')) ?? [])
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid);

/** A process of another user, or one that has just ended, has no tokens. */
function tokensOf(pid: number): string[] {
  const environment = quietly(() => readFileSync(`/proc/${pid}/environ`, 'latin1')) ?? '';
  if (!environment.includes(markName)) return [];
  const entry = environment.split('\0').find((line) => line.startsWith(`${markName}=`));
  return entry?.slice(markName.length + 1).split(' ') ?? [];
}

/** Field 22 of `/proc/PID/stat` (proc(5)), counted behind the program's name, which may hold spaces and brackets. */
function startTimeOf(pid: number): string | undefined {
  const stat = quietly(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

const pidNamespace = (): string =>
  (quietly(() => readlinkSync('/proc/self/ns/pid')) ?? 'none').replaceAll(/[^a-z0-9]/g, '');

/** The processes of others come and go while we look: what cannot be read is not there. */
function quietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
