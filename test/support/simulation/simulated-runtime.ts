// The worker's own code in one simulated process: its runtime, with every port simulated, and the real forge logic over simulated REST.
import { pino } from 'pino';
import type { Logger } from 'pino';
import {
  fixesMax,
  leaseSeconds,
  agentRunMaxMs,
  retriesMax,
  retryWaitMaxMs,
  retryWaitMs,
  taskMaxMs,
} from '../../../src/events/bounds.ts';
import { coded } from '../../../src/events/failure.ts';
import type { Forge } from '../../../src/services/forge/forge.ts';
import { forgeOver } from '../../../src/services/forge/github-forge.ts';
import type { RestAnswer } from '../../../src/services/forge/rest.ts';
import type { Runtime } from '../../../src/worker/runtime.ts';
import { StateDirectory } from '../../../src/worker/state-directory.ts';
import { clockPort } from './clock-port.ts';
import { faultyDisk } from './disk-faults.ts';
import { diskPort } from './disk-port.ts';
import { checkDelete, checkEffect } from './rules.ts';
import { repository } from './github.ts';
import { agentPort, verifierPort } from './labour.ts';
import type { Machine } from './machine.ts';
import { request, type NetworkFaults, type Service } from './network.ts';
import type { SimulatedProcess } from './process.ts';
import { queuePort } from './queue-port.ts';
import { workspacePort } from './workspace.ts';
import type { World } from './world.ts';

export const stateRoot = '/disk/state';

export function simulatedRuntime(world: World, machine: Machine, process: SimulatedProcess): Runtime {
  const { plan, scheduler } = world;
  const clock = clockPort(machine.time, process);
  // The plan's figures change when the faults end, hence by reference.
  const faults: NetworkFaults = Object.setPrototypeOf(
    { isCut: (service: Service) => machine.isCut(service) },
    plan.network,
  );
  const isFull = (): boolean => machine.fullUntil > scheduler.now;
  const disk = diskPort(machine.disk, faultyDisk(process, Object.setPrototypeOf({ isFull }, plan.disk)));
  const issueOf = (branch: string): number => Number(/\d+$/.exec(branch)?.[0]);
  return {
    worker: { id: machine.name, host: machine.name, pid: 1, version: '0' },
    settings: {
      slots: plan.slots,
      // Nobody asks for anything here, and looks cost events.
      leaseSeconds,
      requestPollMs: 3_600_000,
      limits: { fixes: fixesMax, retries: retriesMax, retryWaitMs, retryWaitMaxMs },
      agentRunMs: agentRunMaxMs,
      taskMs: taskMaxMs,
      contextTokens: 8192,
      workspaceFolder: '/disk/workspaces',
      freeDiskMinBytes: 1,
      locale: 'en',
      labels: { done: 'ai-task-done', failed: 'ai-task-failed' },
      isAllowed: (name) => name === repository,
    },
    state: new StateDirectory(stateRoot, { disk, now: () => clock.now() }),
    queue: queuePort(world.queue, machine.name, process, faults, (receipt) => checkDelete(world, machine, receipt)),
    workspace: workspacePort(world.git, machine.copies, process, faults, (branch, what) =>
      checkEffect(world, machine, issueOf(branch), what),
    ),
    sources: { list: async () => [{ path: 'src/index.js', bytes: 10 }], sizeOf: async () => 10 },
    agent: agentPort(machine.disk, machine.copies, process, plan.labour),
    verifier: verifierPort(process, plan.labour),
    forge: watched(world, machine, forgePort(world, process, faults, clock), issueOf),
    clock,
    mask: (text) => text,
    log: logOf(world, machine),
    observer: {},
  };
}

function forgePort(world: World, process: SimulatedProcess, faults: NetworkFaults, clock: Runtime['clock']): Forge {
  const unavailable = (): Error => coded('CW-GITHUB-UNAVAILABLE', 'No answer from the simulated GitHub.');
  const failed: RestAnswer = { status: 502, headers: {}, body: { message: 'Bad Gateway' } };
  return forgeOver(
    (call, signal) =>
      request(
        process,
        { service: 'forge', faults, slowMaxMs: 90_000, unavailable },
        () => {
          if (world.random.chance(world.plan.serverError)) return failed;
          const answer = world.github.ask(call);
          if (call.method !== 'GET') world.note(`GitHub: ${call.method} ${call.path} ${answer.status}`);
          return world.random.chance(world.plan.serverError) ? failed : answer;
        },
        signal,
      ),
    { mask: (text) => text, clock },
  );
}

/** Whoever writes to the forge must hold the task's message. */
function watched(world: World, machine: Machine, forge: Forge, issueOf: (branch: string) => number): Forge {
  return {
    ...forge,
    ensurePullRequest: (draft, signal) => {
      checkEffect(world, machine, issueOf(draft.headBranch), 'open a pull request');
      return forge.ensurePullRequest(draft, signal);
    },
    ensureComment: (name, number, marker, body, signal) => {
      checkEffect(world, machine, number, 'comment');
      return forge.ensureComment(name, number, marker, body, signal);
    },
    changeLabels: (name, number, change, signal) => {
      checkEffect(world, machine, number, 'label');
      return forge.changeLabels(name, number, change, signal);
    },
  };
}

const silent = pino({ level: 'silent' });

function logOf(world: World, machine: Machine): Logger {
  if (world.notes === undefined) return silent;
  const write = (line: string): void => {
    const { level: _level, msg, failure, ...facts } = JSON.parse(line) as Record<string, unknown>; // pino writes JSON objects
    const code = JSON.stringify(failure) ?? '';
    world.note(`${machine.name}: ${String(msg)} ${JSON.stringify(facts)} ${code.slice(0, 160)}`);
  };
  return pino({ base: null, timestamp: false }, { write });
}
