// Asks the model server whether it is there and has the model, so that an outage ends in seconds and not in the agent's long retries.
import { z } from 'zod';
import { modelProbeMaxMs } from '../../events/bounds.ts';
import { coded } from '../../events/failure.ts';

const tags = z.object({ models: z.array(z.object({ name: z.string() })) });

/**
 * Resolves when Ollama at `baseUrl` answers and has `model`. Throws `CW-MODEL-UNREACHABLE` (no answer within 5 s, or not Ollama's) or
 * `CW-MODEL-NOT-PULLED`. An abort rejects with the signal's reason.
 */
export async function probeModel(baseUrl: string, model: string, signal: AbortSignal): Promise<void> {
  await ask(`${baseUrl}/api/version`, signal);
  const answer = tags.safeParse(await ask(`${baseUrl}/api/tags`, signal));
  if (!answer.success) throw unreachable(baseUrl, 'does not answer as Ollama does', answer.error);
  // Ollama takes a name without a tag for `:latest`.
  const wanted = model.includes(':') ? model : `${model}:latest`;
  if (answer.data.models.some(({ name }) => name.toLowerCase() === wanted.toLowerCase())) return;
  throw coded('CW-MODEL-NOT-PULLED', `Ollama at ${baseUrl} does not have the model ${model}.`);
}

async function ask(url: string, signal: AbortSignal): Promise<unknown> {
  signal.throwIfAborted();
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(modelProbeMaxMs)]);
    const response = await fetch(url, { signal: limit, redirect: 'error' });
    if (!response.ok) throw new Error(`${url} answered with status ${response.status}`);
    return await response.json();
  } catch (error) {
    signal.throwIfAborted();
    throw unreachable(url, 'does not answer properly', error);
  }
}

function unreachable(url: string, what: string, cause: unknown): Error {
  // fetch says only "fetch failed"; its cause knows why.
  const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const detail = reason instanceof Error ? ` (${reason.message || reason.name})` : '';
  return coded('CW-MODEL-UNREACHABLE', `The model server at ${url} ${what}${detail}.`, { cause });
}
