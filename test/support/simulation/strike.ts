// Carries out one fault on a machine or its surroundings.
import { defaultBranch } from './git.ts';
import type { Machine } from './machine.ts';
import type { Service } from './network.ts';
import type { Strike } from './plan.ts';
import type { World } from './world.ts';

const minute = 60_000;

export function strikeAt(world: World, machine: Machine, strike: Strike): void {
  const { random, scheduler } = world;
  const { now } = scheduler;
  const downMs = random.pick([
    random.between(500, 5_000),
    random.between(0.1, 10) * minute,
    random.between(5, 40) * minute,
  ]);
  world.note(`${machine.name}: ${strike}`);
  world.strikes[strike] += 1;
  switch (strike) {
    case 'kill':
      machine.kill(downMs);
      break;
    case 'power-loss':
      machine.losePower(downMs);
      break;
    case 'terminate':
      machine.terminate(downMs);
      break;
    case 'pause':
      machine.host.frozenUntil = Math.max(machine.host.frozenUntil, now + downMs);
      break;
    case 'machine-sleep':
      machine.time.slept += downMs;
      machine.host.frozenUntil = Math.max(machine.host.frozenUntil, now + downMs);
      break;
    case 'clock-back':
      machine.time.wallOffset -= random.between(0, 60) * minute;
      break;
    case 'clock-on':
      machine.time.wallOffset += random.between(0, 60) * minute;
      break;
    case 'workspace-vanishes':
      machine.copies.clear();
      break;
    case 'partition':
      machine.cutUntil.set(random.pick<Service>(['queue', 'forge', 'git']), now + downMs);
      break;
    case 'disk-full':
      machine.fullUntil = now + downMs;
      break;
    case 'people-push':
      peoplePush(world);
      break;
    case 'people-merge':
      peopleMerge(world);
      break;
  }
}

/** Somebody commits on a task's branch, or makes a branch of that name. */
function peoplePush({ random, git, asked }: World): void {
  const task = random.pick(asked).task;
  if (task === undefined) return;
  const now = git.branches.get(task.branch) ?? null;
  if (now === null && random.chance(0.8)) return;
  const commit = git.commit(now ?? git.branches.get(defaultBranch), 'By hand', String(random.next()));
  git.update(task.branch, now, commit);
}

/** Somebody merges a pull request, or closes it, and most often deletes its branch. */
function peopleMerge({ random, git, github }: World): void {
  const open = github.pulls.filter(({ state }) => state === 'open');
  if (open.length === 0) return;
  const pull = random.pick(open);
  pull.state = 'closed';
  pull.merged = random.chance(0.7);
  if (random.chance(0.7)) git.branches.delete(pull.branch);
}
