// Plays one scenario: files its issue, sends the message as the workflow would, and runs the ordinary worker until the task has ended.
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readScenario, type ScenarioName } from '../../../test/support/scenario.ts';
import { issueMessage, model, startWorld, type World } from '../../../test/support/world.ts';
import { openState } from '../../compose-state.ts';
import { composeWorker, findSecrets, openQueue } from '../../compose.ts';
import { loadConfig, type Config } from '../../config.ts';
import { parseTaskMessage } from '../../events/task-message.ts';
import { taskOf } from '../../events/task.ts';
import type { TaskSnapshot } from '../../machines/fold.ts';
import { openLog } from '../../log.ts';
import type { Mask } from '../../services/process/mask.ts';
import type { Observer } from '../../worker/runtime.ts';
import type { Locale } from '../../worker/texts/phrases.ts';
import { runWorker } from '../../worker/worker.ts';
import { enterWorld } from './own-world.ts';
import { demoStates } from './states.ts';

export type Play = {
  world: World;
  repository: string;
  issue: number;
  taskId: string;
  snapshot: TaskSnapshot;
  /** Path of the ended task's journal. */
  journal: string;
  seconds: number;
};

export type PlayFacts = {
  scenario: ScenarioName;
  locale?: Locale;
  /** A model of a real Ollama instead of the script. */
  ollamaModel?: string;
  /** Who watches; told the mask of what it must not show. */
  observe: (mask: Mask) => Observer;
  /** Told when the issue is filed, before the work begins. */
  onFiled: (filed: { repository: string; issue: number; title: string; url: string; taskId: string }) => void;
};

/** The world is left running; close it. Rejects when the signal is aborted. */
export async function play(facts: PlayFacts, signal: AbortSignal): Promise<Play> {
  const scenario = await readScenario(facts.scenario);
  const world = await startWorld({ script: scenario.script });
  try {
    const { repository } = scenario;
    await world.github.createRepository({ fullName: repository, files: scenario.files });
    const issue = world.github.createIssue(repository, { ...scenario.issue, labels: ['ai-task'], author: 'mei' });
    const message = issueMessage({ repository, number: issue.number, ...scenario.issue });
    const taskId = taskOf(parseTaskMessage(message)).id;
    // Beside nothing that has node_modules, and gone after the demo.
    await using workspace = await mkdtempDisposable(join(tmpdir(), 'codingworker-demo-'));
    const config = await configFor(world, facts, workspace.path);
    await openQueue(config).send(message, signal);
    const url = `${world.github.url}/${repository}/issues/${issue.number}`;
    facts.onFiled({ repository, issue: issue.number, title: issue.title, url, taskId });
    const started = performance.now();
    const { snapshot, journal } = await workUntilEnd(config, taskId, facts.observe, signal);
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    return { world, repository, issue: issue.number, taskId, snapshot, journal, seconds };
  } catch (error) {
    await world.close();
    throw error;
  }
}

/** The demo needs no configuration of the user's, and leaves it alone: everything but a real model comes from the world. */
async function configFor(
  world: World,
  { scenario, ollamaModel, locale = 'en' }: PlayFacts,
  workspaceDirectory: string,
): Promise<Config> {
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const stateDirectory = join(demoStates(), `${scenario}-${stamp}`);
  const realOllama = process.env['OLLAMA_HOST'] ?? '';
  enterWorld(process.env, world.environment);
  const environment = {
    ...world.environment,
    ...(ollamaModel !== undefined && { OLLAMA_HOST: realOllama }),
    CODINGWORKER_STATE_DIR: stateDirectory,
    CODINGWORKER_WORKSPACE_DIR: workspaceDirectory,
  };
  const config = await loadConfig({ environment, workingDirectory: workspaceDirectory });
  return { ...config, locale, agent: { ...config.agent, model: `ollama_chat/${ollamaModel ?? model}` } };
}

async function workUntilEnd(config: Config, taskId: string, observe: PlayFacts['observe'], signal: AbortSignal) {
  const done = new AbortController();
  const secrets = await findSecrets(config, process.env, signal);
  const observer = observe(secrets.mask);
  const state = openState(config);
  const log = await openLog({ level: 'debug', folder: state.logs, mask: secrets.mask });
  let last: TaskSnapshot | undefined;
  const watching: Observer = {
    ...observer,
    onTransition: (id, snapshot) => {
      if (id === taskId) last = snapshot;
      observer.onTransition?.(id, snapshot);
    },
    onEnded: (id) => {
      if (id === taskId) done.abort(new Error('the demo’s task has ended'));
    },
  };
  await runWorker(await composeWorker(config, secrets, log, watching), AbortSignal.any([signal, done.signal]));
  signal.throwIfAborted();
  const journal = (await state.findEnded(taskId)) ?? state.journal(taskId);
  if (last === undefined) throw new Error(`The task ${taskId} never ran; see ${state.logs}.`);
  return { snapshot: last, journal };
}
