// Aider's command line and environment: nothing from the network but the model's answer, no commit, no question, no repository's settings.
import { agentStartUpSeconds } from '../../events/bounds.ts';
import type { AiderFiles, ModelFacts } from './aider-files.ts';
import { repositoryEnvironment } from './view-repository.ts';

type CommandFacts = {
  files: AiderFiles;
  model: ModelFacts;
  ollamaBaseUrl: string;
  editFiles: readonly string[];
  readFiles: readonly string[];
  timeLimitMs: number;
};

const quiet = [
  ['--yes-always', '--no-pretty', '--no-fancy-input', '--no-show-model-warnings', '--no-show-release-notes'],
  // Only a streamed answer tells Aider that it was cut off at the context's end (LiteLLM 1.81 drops `done_reason` of the others).
  ['--stream'],
  ['--no-check-update', '--no-analytics', '--no-detect-urls', '--disable-playwright', '--no-suggest-shell-commands'],
  ['--no-gitignore', '--no-auto-commits', '--no-dirty-commits', '--no-auto-lint', '--no-auto-test', '--no-watch-files'],
  // A pass is one exchange. Without this, Aider has the model summarise it at the end when it is long: minutes on a slow machine, for nothing.
  ['--max-chat-history-tokens', '1000000'],
  ['--no-restore-chat-history', '--no-notifications', '--map-tokens', '0', '--encoding', 'utf-8'],
].flat();

export function aiderArguments(facts: CommandFacts): string[] {
  const { files, model } = facts;
  const callSeconds = Math.max(5, Math.floor(facts.timeLimitMs / 1000) - agentStartUpSeconds);
  const rows = [
    quiet,
    ['--message-file', files.prompt],
    ['--model', model.name, '--edit-format', model.editFormat, '--timeout', String(callSeconds)],
    ['--model-settings-file', files.modelSettings, '--model-metadata-file', files.modelMetadata],
    ['--set-env', `OLLAMA_API_BASE=${facts.ollamaBaseUrl}`],
    ['--chat-history-file', files.chatHistory, '--input-history-file', files.inputHistory],
    ['--llm-history-file', files.modelHistory],
    // One argument each, so that a path that begins with a dash is not taken for an option.
    facts.editFiles.map((path) => `--file=${path}`),
    facts.readFiles.map((path) => `--read=${path}`),
  ];
  return rows.flat();
}

/** What Aider's process gets beside the allow-listed environment. Its home is its own; a proxy that nobody serves stops any other call. */
export function aiderEnvironment(files: AiderFiles, ollamaBaseUrl: string): Record<string, string> {
  const nowhere = 'http://127.0.0.1:9';
  const modelHost = new URL(ollamaBaseUrl).hostname.replaceAll(/[[\]]/g, '');
  const proxies = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].flatMap((name) => [
    [name, nowhere],
    [name.toLowerCase(), nowhere],
  ]);
  return {
    ...Object.fromEntries(proxies),
    NO_PROXY: modelHost,
    no_proxy: modelHost,
    ...repositoryEnvironment(files.view, files.git),
    HOME: files.home,
    XDG_CACHE_HOME: files.home,
    XDG_CONFIG_HOME: files.home,
    OLLAMA_API_BASE: ollamaBaseUrl,
    LITELLM_LOCAL_MODEL_COST_MAP: 'True',
    HF_HUB_OFFLINE: '1',
    // `true` is the program that does nothing: no page is opened.
    BROWSER: 'true',
    NO_COLOR: '1',
    TERM: 'dumb',
    // Aider breaks its lines at the terminal's width; ours are to be recognised.
    COLUMNS: '2000',
    PYTHONUNBUFFERED: '1',
    PYTHONUTF8: '1',
  };
}
