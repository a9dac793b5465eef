// Looks once, beside the first poll, whether agent and forge will do: an operator who started it wrong shall read so now and not on every issue.
import { failureOf } from '../events/failure.ts';
import type { Runtime } from './runtime.ts';

/** Logs what cannot be used now, with its hint, and stops nothing: the machine may just have no network yet. Never rejects. */
export async function checkAtStart(
  { agent, forge, log }: Pick<Runtime, 'agent' | 'forge' | 'log'>,
  signal: AbortSignal,
): Promise<void> {
  const check = async (question: Promise<unknown>, problem: string): Promise<void> => {
    try {
      await question;
    } catch (error) {
      if (signal.aborted) return;
      const failure = failureOf(error);
      if (failure.retryable) log.warn({ failure }, problem);
      else log.error({ failure }, problem);
    }
  };
  await Promise.all([
    check(agent.identify(signal), 'the agent cannot be used now'),
    check(forge.viewer(signal), 'the forge cannot be used now'),
  ]);
}
