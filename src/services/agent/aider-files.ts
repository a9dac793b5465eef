// The files that one Aider run is given, all outside the working copy: prompt, model settings and metadata, a home of its own.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export type AiderFiles = {
  /** The folder that Aider works in, and the git folder that goes with it. */
  view: string;
  git: string;
  home: string;
  prompt: string;
  modelSettings: string;
  modelMetadata: string;
  chatHistory: string;
  inputHistory: string;
  modelHistory: string;
  transcript: string;
};

export type ModelFacts = {
  /** Aider's name of the model, for example `ollama_chat/qwen2.5-coder:1.5b`. */
  name: string;
  editFormat: string;
  /** Ollama's num_ctx: prompt and answer together, in tokens. */
  contextTokens: number;
};

export const aiderFiles = (recordsDirectory: string): AiderFiles => ({
  view: join(recordsDirectory, 'aider-view'),
  git: join(recordsDirectory, 'aider-git'),
  home: join(recordsDirectory, 'aider-home'),
  prompt: join(recordsDirectory, 'aider-prompt.md'),
  modelSettings: join(recordsDirectory, 'aider-model-settings.yml'),
  modelMetadata: join(recordsDirectory, 'aider-model-metadata.json'),
  chatHistory: join(recordsDirectory, 'aider-chat-history.md'),
  inputHistory: join(recordsDirectory, 'aider-input-history.txt'),
  modelHistory: join(recordsDirectory, 'aider-model-history.txt'),
  transcript: join(recordsDirectory, 'aider-transcript.log'),
});

/** A whole file comes back about as long as it went: half of the context is for the question. */
export const inputTokensMax = (contextTokens: number): number => Math.floor(contextTokens / 2);

/**
 * num_ctx is fixed, because Aider otherwise sends another one with each request and Ollama then loads the model anew. The metadata
 * give the limits, because Aider otherwise asks the internet for them.
 */
export async function writeAiderFiles(files: AiderFiles, prompt: string, model: ModelFacts): Promise<void> {
  const settings = {
    name: model.name,
    edit_format: model.editFormat,
    use_repo_map: false,
    // Summaries and commit messages, of which we want none, would ask this model and not a paid one.
    weak_model_name: model.name,
    extra_params: { num_ctx: model.contextTokens },
  };
  const metadata = {
    max_input_tokens: inputTokensMax(model.contextTokens),
    max_output_tokens: model.contextTokens,
    max_tokens: model.contextTokens,
    input_cost_per_token: 0,
    output_cost_per_token: 0,
    litellm_provider: 'ollama_chat',
    mode: 'chat',
  };
  await mkdir(files.home, { recursive: true });
  await writeFile(files.prompt, prompt, { mode: 0o600 });
  // JSON is YAML.
  await writeFile(files.modelSettings, JSON.stringify([settings], null, 2));
  await writeFile(files.modelMetadata, JSON.stringify({ [model.name]: metadata }, null, 2));
}
