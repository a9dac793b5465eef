// The workspace port of one process: working copies that stay on its machine, and pushes to the simulated git server.
import { coded } from '../../../src/events/failure.ts';
import type { Workspace, WorkspaceKey } from '../../../src/services/workspace/workspace.ts';
import { defaultBranch, type SimulatedGit } from './git.ts';
import { request, type Line, type NetworkFaults } from './network.ts';
import type { SimulatedProcess } from './process.ts';

/** One task's working copies; `edits` is what the agent left uncommitted. */
export type WorkingCopy = { commits: Set<string>; edits: string };
/** By task; what a machine keeps of them outlives its processes. */
export type WorkingCopies = Map<string, WorkingCopy>;
/** Called before each effect on the world outside of the machine. */
export type OnEffect = (branch: string, what: string) => void;

export const workingDirectory = (taskId: string): string => `/work/${taskId}/repository`;

export function workspacePort(
  git: SimulatedGit,
  copies: WorkingCopies,
  process: SimulatedProcess,
  faults: NetworkFaults,
  onEffect: OnEffect,
): Workspace {
  const { random } = process.host;
  const unavailable = (): Error => coded('CW-GIT-NETWORK', 'No answer from the simulated git server.');
  const line: Line = { service: 'git', faults, slowMaxMs: 120_000, unavailable };
  const local = <T>(signal: AbortSignal | undefined, effect: () => T): Promise<T> =>
    process.local(random.between(5, 500), effect, signal);
  const copyOf = ({ taskId }: WorkspaceKey): WorkingCopy => {
    const copy = copies.get(taskId);
    if (copy === undefined) throw coded('CW-WORKSPACE-LOST', 'The working copies of this task are gone.');
    return copy;
  };
  const copyWith = (key: WorkspaceKey, commit: string): WorkingCopy => {
    const copy = copyOf(key);
    if (copy.commits.has(commit)) return copy;
    throw coded('CW-WORKSPACE-LOST', `The commit ${commit} is not in this task's working copies.`);
  };
  const taken = (branch: string): Error => coded('CW-GIT-BRANCH-TAKEN', `The branch ${branch} holds others' work.`);

  return {
    async clone(key, signal) {
      await local(signal, () => copies.delete(key.taskId));
      const cloned = await request(
        process,
        line,
        () => {
          const remoteHead = git.branches.get(key.branch) ?? null;
          if (remoteHead !== null && git.taskOf(remoteHead) === undefined) throw taken(key.branch);
          return { base: { branch: defaultBranch, commit: git.branches.get(defaultBranch) ?? '' }, remoteHead };
        },
        signal,
      );
      await local(signal, () => copies.set(key.taskId, { commits: new Set([cloned.base.commit]), edits: '' }));
      return cloned;
    },
    checkout: (key, commit, signal) =>
      local(signal, () => {
        copyWith(key, commit).edits = '';
        return workingDirectory(key.taskId);
      }),
    checkoutBeside: (key, name, commit, signal) =>
      local(signal, () => {
        copyWith(key, commit);
        return `/work/${key.taskId}/${name}`;
      }),
    commit: (key, { parent, base, message }, signal) =>
      local(signal, () => {
        const copy = copyWith(key, parent);
        const commit = copy.edits === '' ? parent : git.commit(parent, message, copy.edits);
        copy.commits.add(commit);
        return { commit, changed: commit !== parent, files: commit === base ? [] : ['src/index.js'], deleted: [] };
      }),
    bundle: (key, { base, commit }, signal) =>
      local(signal, () => {
        const commits: string[] = [];
        for (let at: string | undefined = commit; at !== undefined && at !== base; at = git.commits.get(at)?.parent) {
          copyWith(key, at);
          commits.push(at);
        }
        return Buffer.from(commits.join('\n'));
      }),
    async restore(key, { base, commit, bundle }, signal) {
      await local(signal, () => copies.delete(key.taskId));
      // Nobody rewrites the history of the default branch here: its server has every base.
      await request(process, line, () => git.commits.has(base), signal);
      await local(signal, () => {
        const commits = new Set([base, ...(bundle?.toString('utf8').split('\n') ?? [])]);
        if (!commits.has(commit)) throw coded('CW-WORKSPACE-LOST', `The commit ${commit} is not in what was kept.`);
        copies.set(key.taskId, { commits, edits: '' });
      });
    },
    async push(key, { commit, expected }, signal) {
      onEffect(key.branch, 'push');
      await local(signal, () => copyWith(key, commit));
      const moved = await request(process, line, () => git.update(key.branch, expected, commit), signal);
      if (!moved) throw taken(key.branch);
    },
    deleteRemoteBranch: (key, commit, signal) => {
      onEffect(key.branch, 'delete the branch');
      return request(process, line, () => git.branches.has(key.branch) && git.update(key.branch, commit, null), signal);
    },
    dispose: async ({ taskId }) => {
      await local(undefined, () => copies.delete(taskId));
    },
  };
}
