// Refuses a question that cannot fit into the model's context: Ollama would cut off its beginning without a word and answer the rest.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { coded } from '../../events/failure.ts';
import type { View } from './working-view.ts';

/** No text of code or English has more bytes a token than this on average; so only what certainly does not fit is refused here. */
const bytesPerTokenMax = 6;

/** Throws `CW-AGENT-TOKEN-LIMIT`. What passes is counted exactly by Aider itself. */
export async function assertFits(prompt: string, view: View, tokensMax: number): Promise<void> {
  const sizes = await Promise.all(
    [...view.editFiles, ...view.readFiles].map((path) =>
      stat(join(view.directory, path)).then(
        ({ size }) => size,
        // A file that the agent shall make.
        () => 0,
      ),
    ),
  );
  const bytes = sizes.reduce((sum, size) => sum + size, Buffer.byteLength(prompt));
  const tokensMin = Math.ceil(bytes / bytesPerTokenMax);
  if (tokensMin <= tokensMax) return;
  const message = `Prompt and files have at least ${tokensMin} tokens; ${tokensMax} fit beside an answer.`;
  throw coded('CW-AGENT-TOKEN-LIMIT', message);
}
