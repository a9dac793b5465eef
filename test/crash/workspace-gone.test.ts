// The working copies are gone when a killed worker's task is resumed: it goes on from the commits kept beside the journal, or says why it cannot.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { JournalRecord } from '../../src/events/journal-record.ts';
import { branchesOf } from '../support/github/bare-repository.ts';
import { expectNothingLeft, expectOneEnding } from '../support/one-ending.ts';
import { workScene, type Filed, type WorkScene } from '../support/work-scene.ts';
import { until } from '../support/worker-process.ts';

test.each(['generate', 'tests', 'fix-1'])(
  'killed in the pass %s, with the default branch moved on meanwhile, it repeats that pass alone and publishes on the recorded base',
  async (pass) => {
    const scene = await workScene();
    const filed = await killedIn(scene, pass);
    const passes = ['generate', 'tests', 'fix-1'];
    await rm(join(scene.home.folder, 'workspaces'), { recursive: true });
    const { github } = scene.world;
    await github.commitTo(filed.repository, 'main', { 'NOTES.md': 'Moved on.\n' }, 'Move on');

    const worker = scene.start();
    const records = await expectOneEnding(scene, filed, 'published');
    expect(await scene.agent.starts(filed.taskId)).toEqual(passes.toSpliced(passes.indexOf(pass), 0, pass));
    const recorded = records.flatMap((record) => ('head' in record.data ? [record.data.head] : []));
    const pushed = (await branchesOf(github.gitDirectory(filed.repository))).get(`ai/issue-${filed.number}`);
    expect(pushed).toBe(recorded.at(-1));
    await worker.stop();
    await expectNothingLeft(scene);
  },
);

const damages: readonly [what: string, damage: (path: string) => Promise<void>][] = [
  ['gone', (path) => rm(path)],
  ['damaged', (path) => writeFile(path, 'not what was kept')],
];

test.each(damages)(
  'with kept commits that are %s it is explained on the issue, and no pass is run again',
  async (_, damage) => {
    const scene = await workScene();
    const filed = await killedIn(scene, 'fix-1');
    await rm(join(scene.home.folder, 'workspaces'), { recursive: true });
    const bundle = (await scene.records(filed.taskId)).flatMap(bundleIn).at(-1);
    await damage(join(scene.home.state, 'active', filed.taskId, bundle ?? 'no bundle is recorded'));

    scene.start();
    await expectOneEnding(scene, filed, 'failed-permanent');
    expect(scene.world.github.comments(filed.repository, filed.number)[0]?.body).toContain('CW-WORKSPACE-LOST');
    expect(await scene.agent.starts(filed.taskId)).toEqual(['generate', 'tests', 'fix-1']);
  },
);

const bundleIn = ({ data }: JournalRecord): string[] => ('bundle' in data && data.bundle ? [data.bundle.name] : []);

async function killedIn(scene: WorkScene, pass: string): Promise<Filed> {
  await scene.agent.hold(pass);
  const filed = await scene.file('greeter');
  const worker = scene.start();
  await scene.send(filed.text);
  await until(
    async () => ((await scene.agent.starts(filed.taskId)).includes(pass) ? true : undefined),
    () => scene.said(),
  );
  await worker.stop('SIGKILL');
  await scene.agent.release(pass);
  return filed;
}
