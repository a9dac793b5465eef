// `doctor` as a person runs it: what will do and what will not, each with its code and hint, before any issue is worked on.
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { failureCatalogue, type FailureCode } from '../../src/events/failure-codes.ts';
import { fakeAider } from '../support/fake-aider/fake-aider.ts';
import { runProgram, type Ran } from '../support/run-program.ts';
import { makeHome } from '../support/worker-process.ts';
import { model, startWorld, type World } from '../support/world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world.close());

async function doctor(config: Record<string, unknown>, extra: Record<string, string> = {}): Promise<Ran> {
  const home = await makeHome(world, config);
  onTestFinished(home.remove);
  return runProgram('doctor', { ...home, environment: { ...home.environment, ...extra } });
}

test('says who the token belongs to, and which agent and model will work', async () => {
  const { status, out } = await doctor({ agent: { command: fakeAider } });
  expect(status).toBe(0);
  expect(out).toMatch(/✓ GitHub +http\S+ knows the token as codingworker-bot\n/);
  expect(out).toContain(`Aider 0.86.2 with ${model} at `);
});

const wrong: readonly [what: string, FailureCode, config: Record<string, unknown>, extra: Record<string, string>][] = [
  [
    'a token that GitHub does not take',
    'CW-GITHUB-AUTH',
    { agent: { command: fakeAider } },
    { GITHUB_TOKEN: 'ghp_wrong' },
  ],
  ['no token', 'CW-GITHUB-AUTH', { agent: { command: fakeAider } }, { GITHUB_TOKEN: '', GH_TOKEN: '' }],
  ['no Aider', 'CW-AGENT-NOT-INSTALLED', { agent: { command: 'aider-that-nobody-installed' } }, {}],
  [
    'a model that is not pulled',
    'CW-MODEL-NOT-PULLED',
    { agent: { command: fakeAider, model: 'ollama_chat/none' } },
    {},
  ],
  ['no Ollama', 'CW-MODEL-UNREACHABLE', { agent: { command: fakeAider } }, { OLLAMA_HOST: '127.0.0.1:9' }],
];

test.each(wrong)(
  '%s is told by %s, and the other part is looked at all the same',
  async (_what, code, config, extra) => {
    const { status, out } = await doctor(config, extra);
    expect(status).toBe(1);
    expect(out).toContain(` ${code}: `);
    expect(out).toContain(`  → ${failureCatalogue[code].hint.en}\n`);
    expect(out.match(/^✓ /gm)).toHaveLength(1);
  },
);
