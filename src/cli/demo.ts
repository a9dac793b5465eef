// `npm run demo`: a labelled issue becomes a verified pull request before your eyes, on stand-ins for SQS, GitHub and the model.
import { relative } from 'node:path';
import { styleText } from 'node:util';
import { Command, Option } from 'commander';
import { scenarioNames, type ScenarioName } from '../../test/support/scenario.ts';
import { model } from '../../test/support/world.ts';
import { probeModel } from '../services/agent/ollama-probe.ts';
import { diffOf, outcomeOf, type Outcome } from './demo/outcome.ts';
import { play, type Play } from './demo/play.ts';
import { showProgress } from './demo/progress.ts';
import { terminalMarkdown } from './demo/terminal-markdown.ts';
import type { Locale } from '../worker/texts/phrases.ts';
import { runCommand } from './run-command.ts';
import { stopOnSignals, stopWithReader, unlessStopped } from './stop-on-signals.ts';

type Options = { scenario: ScenarioName; ollama?: string | true; keep?: boolean; json?: boolean; locale: Locale };

await runCommand(async () => {
  const options = new Command('npm run demo --')
    .description('Shows a labelled issue becoming a verified pull request.')
    .addOption(new Option('--scenario <name>', 'the story to play').choices(scenarioNames).default('one-fix'))
    .option('--ollama [model]', `a real model of your Ollama instead of the script (${model} if not named)`)
    .addOption(
      new Option('--locale <locale>', 'language of what is said on GitHub').choices(['en', 'ja']).default('en'),
    )
    .option('--keep', 'leave everything running to look at, until Ctrl-C')
    .option('--json', 'print the result as JSON in the last line')
    .parse()
    .opts<Options>();
  const stop = new AbortController();
  stopOnSignals(stop, () => out('\nStopping …'));
  stopWithReader(stop);
  const ollamaModel = options.ollama === true ? model : options.ollama;
  await unlessStopped(stop.signal, () => demo(options, ollamaModel, stop.signal));
});

async function demo(options: Options, ollamaModel: string | undefined, signal: AbortSignal): Promise<void> {
  if (ollamaModel !== undefined) await probeRealModel(ollamaModel, signal);
  const progress = showProgress(process.stdout);
  const facts = {
    scenario: options.scenario,
    locale: options.locale,
    ...(ollamaModel !== undefined && { ollamaModel }),
    observe: () => progress,
  };
  const played = await play({ ...facts, onFiled }, signal).finally(progress.stop);
  try {
    const outcome = await outcomeOf(played, signal);
    await show(played, outcome, signal);
    if (options.keep === true) await keepOpen(played, signal);
    if (options.json === true) out(JSON.stringify(outcome));
  } finally {
    await played.world.close();
  }
}

function onFiled(filed: { repository: string; issue: number; title: string; taskId: string }): void {
  heading(`${filed.repository}#${filed.issue}  ${filed.title}`);
  out(styleText('dim', `labelled ai-task, queued as task ${filed.taskId}\n`));
}

async function show(played: Play, outcome: Outcome, signal: AbortSignal): Promise<void> {
  const { github } = played.world;
  if (outcome.pr === null) {
    heading('The comment on the issue');
    for (const { body } of github.comments(played.repository, played.issue)) out(asShown(body));
  } else {
    const pull = (await github.pulls(played.repository)).at(-1);
    heading(`Pull request: ${pull?.title ?? ''}`);
    out(styleText('dim', `${pull?.headBranch ?? ''} → ${pull?.baseBranch ?? ''}  ${outcome.pr}\n`));
    out(asShown(pull?.body ?? ''));
    heading('Diff');
    out(await diffOf(played, process.stdout.isTTY && !process.env['NO_COLOR'], signal));
  }
  const journal = relative(process.cwd(), outcome.journal);
  heading(`${outcome.state} in ${outcome.seconds} s, ${outcome.fixes} of 3 fixes used`);
  out(`Journal: ${journal}\n`);
  out('Try next:');
  out(`  npm run replay -- ${journal}`);
  out('  npm run demo -- --scenario hopeless');
  out('  npm run demo -- --keep      look at it in a browser');
  out('  npm run demo -- --ollama    with your own model');
}

/** Within a margin of two, and no wider than a text is read with ease. */
function asShown(markdown: string): string {
  const columns = Math.min(process.stdout.columns ?? 80, 100) - 4;
  return terminalMarkdown(markdown, columns).replaceAll(/^(?=.)/gm, '  ');
}

async function probeRealModel(name: string, signal: AbortSignal): Promise<void> {
  const { ollamaBaseUrl } = await import('../services/agent/ollama-host.ts');
  await probeModel(ollamaBaseUrl(process.env['OLLAMA_HOST'] ?? '') ?? 'http://127.0.0.1:11434', name, signal);
}

async function keepOpen({ world, repository, issue }: Play, signal: AbortSignal): Promise<void> {
  heading('Everything is still running. Ctrl-C ends it.');
  out(`  issue           ${world.github.url}/${repository}/issues/${issue}`);
  for (const pull of await world.github.pulls(repository)) out(`  pull request    ${pull.url}`);
  out(`  git             ${world.github.url}/${repository}.git  (any user, password ${world.github.token})`);
  out(`  SQS             ${world.sqs.endpoint}`);
  out(`  Ollama’s script ${world.ollama.url}`);
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function heading(text: string): void {
  out(`\n${styleText('bold', text)}`);
}

function out(text: string): void {
  process.stdout.write(`${text}\n`);
}
