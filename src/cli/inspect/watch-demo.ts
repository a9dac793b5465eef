// Plays a scenario of the demo while the inspector watches, and keeps the page alive afterwards, so that it can be looked at.
import type { ScenarioName } from '../../../test/support/scenario.ts';
import { play } from '../demo/play.ts';
import { showProgress } from '../demo/progress.ts';
import { stopOnSignals, stopWithReader } from '../stop-on-signals.ts';
import type { Inspector } from './inspector.ts';

/** Ends at the first SIGINT or SIGTERM. */
export async function watchDemo(scenario: ScenarioName, inspector: Inspector): Promise<void> {
  const stop = new AbortController();
  stopOnSignals(stop, () => out('Stopping …'));
  stopWithReader(stop);
  try {
    await playOnce(scenario, inspector, stop.signal);
    out('\nThe task has ended, and the page still shows it. Ctrl-C ends the inspector.');
    if (!stop.signal.aborted) {
      await new Promise((resolve) => stop.signal.addEventListener('abort', resolve, { once: true }));
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  }
}

async function playOnce(scenario: ScenarioName, inspector: Inspector, signal: AbortSignal): Promise<void> {
  const progress = showProgress(process.stdout);
  const observe = (mask: Parameters<Inspector['inspectWith']>[0]) => ({
    ...progress,
    inspect: inspector.inspectWith(mask),
  });
  const onFiled = ({ repository, issue, title }: { repository: string; issue: number; title: string }): void =>
    out(`${repository}#${issue}  ${title}`);
  const played = await play({ scenario, observe, onFiled }, signal).finally(progress.stop);
  await played.world.close();
}

function out(text: string): void {
  process.stdout.write(`${text}\n`);
}
