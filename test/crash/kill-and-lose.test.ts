// The worker is killed and something else is gone beside it: its working copies, or the model in mid-answer. The next one ends the task all the same.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectNothingLeft, expectOneEnding } from '../support/one-ending.ts';
import { readScenario } from '../support/scenario.ts';
import { branchesOf } from '../support/github/bare-repository.ts';
import { processesWith } from '../support/processes-with.ts';
import { workScene, type Filed, type WorkScene } from '../support/work-scene.ts';
import { until } from '../support/worker-process.ts';

/** The request takes effect and its answer never comes. */
const lostAnswer = { afterSuccess: true, hang: true } as const;

test('killed right after the pull request was created, it reports no failure although the working copy is gone too', async () => {
  const scene = await workScene();
  const filed = await scene.file('greeter');
  scene.world.github.fail({ method: 'POST', path: /\/pulls$/ }, lostAnswer);
  await killWhen(scene, filed, async () => (await scene.world.github.pulls(filed.repository)).length === 1);
  await rm(join(scene.home.folder, 'workspaces'), { recursive: true });
  await expectEndsOnce(scene, filed, 'published');
});

test('killed in mid-task, its working copy and the kept commits gone, it is explained, and no branch stays', async () => {
  const scene = await workScene();
  const filed = await scene.file('greeter');
  scene.world.github.fail({ method: 'POST', path: /git-receive-pack$/ }, lostAnswer);
  await killWhen(scene, filed, async () => (await branches(scene, filed)).includes(`ai/issue-${filed.number}`));
  await rm(join(scene.home.folder, 'workspaces'), { recursive: true });
  await rm(join(scene.home.state, 'active', filed.taskId), { recursive: true });
  await expectEndsOnce(scene, filed, 'failed-permanent');
  expect(scene.world.github.comments(filed.repository, filed.number)[0]?.body).toContain('CW-WORKSPACE-LOST');
});

test('killed while Aider waits for the model, no Aider lives on, and the next worker asks the model anew', async () => {
  const scenario = await readScenario('first-try');
  let hung = false;
  const hangOnce = {
    when: () => {
      const first = !hung;
      hung = true;
      return first;
    },
    answer: { kind: 'hang' },
  } as const;
  const scene = await workScene({
    story: { files: scenario.files, issue: scenario.issue, edits: {} },
    config: { agent: {} },
    world: { script: [hangOnce, ...scenario.script] },
  });
  const filed = await scene.file('title');
  const first = scene.start();
  await scene.send(filed.text);
  await scene.world.ollama.chatWith('Change this repository');
  await first.stop('SIGKILL');
  const left = await processesWith(scene.home.folder);
  expect(left.length).toBeGreaterThan(0);

  const second = scene.start();
  await until(
    () => (second.output().includes('ended what a killed worker had left running') ? true : undefined),
    () => scene.said(),
  );
  // A killed process is gone a moment later; one that nobody reaps has no environment any more.
  await until(
    async () => ((await processesWith(scene.home.folder)).some((pid) => left.includes(pid)) ? undefined : true),
    () => scene.said(),
    10_000,
  );
  await expectOneEnding(scene, filed, 'published');
  await second.stop();
  await expectNothingLeft(scene);
});

/** Starts a worker on the task and kills it as soon as this can be seen from outside. */
async function killWhen(scene: WorkScene, filed: Filed, isSeen: () => Promise<boolean> | boolean): Promise<void> {
  const worker = scene.start();
  await scene.send(filed.text);
  await until(
    async () => ((await isSeen()) ? true : undefined),
    () => worker.output(),
    30_000,
    5,
  );
  await worker.stop('SIGKILL');
}

/** The next worker ends it, without asking the agent again for what it had done. */
async function expectEndsOnce(scene: WorkScene, filed: Filed, ending: 'published' | 'failed-permanent'): Promise<void> {
  const worker = scene.start();
  await expectOneEnding(scene, filed, ending);
  const starts = await scene.agent.starts(filed.taskId);
  expect(starts).toEqual([...new Set(starts)]);
  await worker.stop();
  await expectNothingLeft(scene);
}

async function branches({ world: { github } }: WorkScene, { repository }: Filed): Promise<string[]> {
  return [...(await branchesOf(github.gitDirectory(repository))).keys()];
}
