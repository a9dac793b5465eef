// Shows a task while it runs: one line a finished state with its time, and the running one with its seconds.
import { stripVTControlCharacters, styleText } from 'node:util';
import yoctoSpinner, { type Spinner } from 'yocto-spinner';
import { stateName, type TaskSnapshot } from '../../machines/fold.ts';

/** What runs in each state, for a person who sees it for the first time. */
const doing: Readonly<Record<string, string>> = {
  cloning: 'git clone over HTTP',
  generating: 'Aider writes the change',
  'testing-pass': 'Aider writes tests for it',
  verifying: 'build, lint and test of the repository',
  fixing: 'Aider repairs what failed',
  'backing-off': 'waiting after a transient failure',
  publishing: 'push and pull request',
  reporting: 'explanation on the issue',
};

export type Progress = {
  onTransition: (taskId: string, snapshot: TaskSnapshot) => void;
  stop: () => void;
};

export function showProgress(output: NodeJS.WriteStream): Progress {
  let running: { state: string; since: number; spinner: Spinner } | undefined;
  let ticking: NodeJS.Timeout | undefined;

  const stop = (): void => {
    clearInterval(ticking);
    running?.spinner.stop();
    running = undefined;
  };
  const finish = (snapshot: TaskSnapshot): void => {
    if (running === undefined) return;
    const { state, since, spinner } = running;
    clearInterval(ticking);
    const took = `${((performance.now() - since) / 1000).toFixed(1)} s`.padStart(8);
    const line = `${state.padEnd(13)}${took}  ${styleText('dim', resultOf(state, snapshot))}`;
    if (!output.isTTY) output.write(`${failed(state, snapshot) ? 'x' : '+'} ${stripVTControlCharacters(line)}\n`);
    else if (failed(state, snapshot)) spinner.error(line);
    else spinner.success(line);
    running = undefined;
  };

  return {
    onTransition: (_taskId, snapshot) => {
      const state = stateName(snapshot);
      if (state === running?.state) return;
      finish(snapshot);
      const text = doing[state];
      if (text === undefined) return;
      const since = performance.now();
      const line = (): string =>
        `${state.padEnd(13)}${`${Math.floor((performance.now() - since) / 1000)} s`.padStart(6)}    ${styleText('dim', text)}`;
      const spinner = yoctoSpinner({ text: line(), stream: output, handleSignals: false });
      if (output.isTTY) {
        spinner.start();
        ticking = setInterval(() => (spinner.text = line()), 1000);
      }
      running = { state, since, spinner };
    },
    stop,
  };
}

const failed = (state: string, { context }: TaskSnapshot): boolean =>
  (state === 'verifying' && context.verification?.verdict === 'failed') || context.setback?.step === state;

/** One phrase on what a finished state brought. */
function resultOf(state: string, { context }: TaskSnapshot): string {
  const { clone, change, verification, publication, report, fixes, setback } = context;
  if (setback?.step === state) return setback.failure.code;
  switch (state) {
    case 'cloning':
      return `${context.task.repository} at ${clone?.base.commit.slice(0, 8) ?? '?'}`;
    case 'generating':
    case 'testing-pass':
      return change ? `${change.agent.name} ${change.agent.version}: ${change.files.join(', ')}` : '';
    case 'fixing':
      return `fix ${fixes} of ${context.limits.fixes}`;
    case 'verifying':
      return (verification?.steps ?? []).map((step) => `${step.command} ${step.exitCode === 0 ? '✓' : '✗'}`).join(', ');
    case 'publishing':
      return publication?.pullRequest.url ?? '';
    case 'reporting':
      return report && 'comment' in report ? report.comment.url : '';
    default:
      return '';
  }
}
