// The worker is killed around its pull request's opening, before that is recorded; until it comes back, people or another worker go on.
import { expect, test } from 'vitest';
import { branchesOf, deleteBranch } from '../support/github/bare-repository.ts';
import { fold, stateName } from '../../src/machines/fold.ts';
import { workScene, type Filed, type WorkScene } from '../support/work-scene.ts';
import { until } from '../support/worker-process.ts';

type Change = (scene: WorkScene, filed: Filed, pull: number) => Promise<unknown>;

const merge: Change = ({ world: { github } }, { repository }, pull) => github.mergePull(repository, pull);
const remove: Change = ({ world: { github } }, { repository, number }) =>
  deleteBranch(github.gitDirectory(repository), `ai/issue-${number}`);
const close: Change = ({ world: { github } }, { repository }, pull) =>
  fetch(`${github.apiUrl}/repos/${repository}/pulls/${pull}`, {
    method: 'PATCH',
    headers: { authorization: `token ${github.token}`, 'user-agent': 'a person' },
    body: JSON.stringify({ state: 'closed' }),
  });
const push: Change = ({ world: { github } }, { repository, number }) =>
  github.commitTo(repository, `ai/issue-${number}`, { 'NOTES.md': 'Reviewed.\n' }, 'Add notes');

const cases: readonly [what: string, changes: readonly Change[], state: 'open' | 'closed' | 'merged'][] = [
  ['merged', [merge], 'merged'],
  ['merged and its branch deleted', [merge, remove], 'merged'],
  ['closed', [close], 'closed'],
  ['pushed to', [push], 'open'],
  ['pushed to and merged', [push, merge], 'merged'],
];

test.each(cases)(
  'a pull request that was %s meanwhile is published: no second one, no report of a failure',
  async (_, changes, state) => {
    const { scene, filed, pull } = await killedAfterOpening();
    for (const change of changes) await change(scene, filed, pull);
    const before = await branchesNow(scene, filed);

    const worker = scene.start();
    await scene.gone(filed.text);
    await scene.archived(filed.taskId);
    await worker.stop();

    const { github } = scene.world;
    expect(await github.pulls(filed.repository)).toMatchObject([{ number: pull, state }]);
    expect(await branchesNow(scene, filed)).toEqual(before);
    expect(github.comments(filed.repository, filed.number)).toEqual([]);
    expect(github.issue(filed.repository, filed.number).labels).toEqual(['ai-task', 'ai-task-done']);
    expect(stateName(fold(await scene.records(filed.taskId)).snapshot)).toBe('published');
  },
);

test('a task that another worker published meanwhile is not reported as failed by the one that was killed', async () => {
  const scene = await workScene();
  const filed = await scene.file('greeter');
  const { github, sqs } = scene.world;
  github.fail({ method: 'POST', path: /git-receive-pack$/ }, { hang: true });
  const first = scene.start();
  await scene.send(filed.text);
  await until(
    () => (github.requests.some(({ path }) => path.endsWith('git-receive-pack')) ? true : undefined),
    () => first.output(),
  );
  await first.stop('SIGKILL');
  await sqs.expireLeases();

  const places = { CODINGWORKER_STATE_DIR: 'other-state', CODINGWORKER_WORKSPACE_DIR: 'other-workspaces' };
  const other = scene.start(places);
  await scene.gone(filed.text);
  await other.stop();
  const again = scene.start();
  await scene.archived(filed.taskId);
  await again.stop();

  expect(await github.pulls(filed.repository)).toMatchObject([{ state: 'open' }]);
  expect(github.comments(filed.repository, filed.number)).toEqual([]);
  expect(github.issue(filed.repository, filed.number).labels).toEqual(['ai-task', 'ai-task-done']);
  expect(stateName(fold(await scene.records(filed.taskId)).snapshot)).toBe('cancelled');
});

/** A task whose pull request is open and labelled, by a worker that was killed before it could record so. */
async function killedAfterOpening(): Promise<{ scene: WorkScene; filed: Filed; pull: number }> {
  const scene = await workScene();
  const filed = await scene.file('greeter');
  const { github } = scene.world;
  github.fail({ method: 'POST', path: /\/labels$/ }, { afterSuccess: true, hang: true });
  const worker = scene.start();
  await scene.send(filed.text);
  await until(
    () => (github.issue(filed.repository, filed.number).labels.includes('ai-task-done') ? true : undefined),
    () => worker.output(),
  );
  await worker.stop('SIGKILL');
  const pull = (await github.pulls(filed.repository))[0]?.number;
  if (pull === undefined) throw new Error('The worker labelled the issue before it opened a pull request.');
  return { scene, filed, pull };
}

const branchesNow = async ({ world: { github } }: WorkScene, { repository }: Filed): Promise<[string, string][]> => [
  ...(await branchesOf(github.gitDirectory(repository))),
];
