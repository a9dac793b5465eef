// The main job with GitHub's own command line in the place of Octokit, over HTTPS with a certificate made for the run.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { filesWith, finderOf, watchCommandLines, type Watch } from '../support/canary.ts';
import { expectExplained, expectPublished } from '../support/endings.ts';
import { lacksGh } from '../support/lacks.ts';
import { startStage, type Stage } from '../support/stage.ts';

describe.skipIf(lacksGh())('forge: gh', () => {
  let stage: Stage;
  let watch: Watch;

  beforeAll(async () => {
    watch = watchCommandLines();
    stage = await startStage({ forge: 'gh' }, { github: { tls: true } });
  });

  afterAll(async () => {
    watch.stop();
    await stage.close();
  });

  test.concurrent('publishes one pull request', async () => {
    const filed = await stage.file({ name: 'good' });
    await stage.send(filed.text);
    const pull = await expectPublished(stage, filed);
    expect(stage.world.github.issue(filed.repository, 1).labels).toContain('ai-task-done');
    expect(pull.closes).toEqual([1]);
  });

  test.concurrent('explains what failed', async () => {
    const filed = await stage.file({ name: 'bad', body: 'agent: change nothing' });
    await stage.send(filed.text);
    await expectExplained(stage, filed, 'CW-AGENT-NO-CHANGE');
  });

  test('neither a command line nor a file holds the token', async () => {
    const finds = finderOf([stage.world.github.token]);
    const seen = [...watch.seen];
    expect(seen.some((line) => line.startsWith('gh\0api\0'))).toBe(true);
    expect(seen.filter((line) => finds(line))).toEqual([]);
    expect(await filesWith(finds, stage.home.folder)).toEqual([]);
  });
});
