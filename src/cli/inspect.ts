// `npm run inspect`: the ordinary worker, or the demo's task, with Stately's inspector watching on a page of this machine.
import { Command, InvalidArgumentError, Option } from 'commander';
import { scenarioNames, type ScenarioName } from '../../test/support/scenario.ts';
import { runCommand } from './run-command.ts';

type Options = { demo?: ScenarioName; port: number };

await runCommand(async () => {
  const command = new Command('npm run inspect --')
    .description('Runs the worker with live inspection of its tasks, on a page for this machine only.')
    .addOption(
      new Option('--demo [scenario]', 'watch a task of the demo (one-fix if not named) instead of the queue’s')
        .choices(scenarioNames)
        .preset('one-fix'),
    )
    .option('--port <number>', 'port of the page on 127.0.0.1; 0 takes a free one', portNumber, 8080)
    .parse();
  const { demo, port } = command.opts<Options>();
  // Only here: a worker that nobody inspects loads none of it.
  const { startInspector } = await import('./inspect/inspector.ts');
  const inspector = await startInspector(port).catch((error: unknown) => command.error(portProblem(port, error)));
  process.stdout.write(
    `Inspector: ${inspector.url}\n` +
      'Open it in a browser of this machine: each task appears as an actor, with its machine drawn, its state, its\n' +
      'events and its services. The drawing is a page of stately.ai, so the browser needs the internet.\n\n',
  );
  try {
    if (demo === undefined) {
      const { serve } = await import('./serve.ts');
      await serve((runtime, mask) => ({ ...runtime, observer: { inspect: inspector.inspectWith(mask) } }));
    } else {
      const { watchDemo } = await import('./inspect/watch-demo.ts');
      await watchDemo(demo, inspector);
    }
  } finally {
    await inspector.close();
  }
});

function portNumber(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('It must be a port, 0 to 65535.');
  return Number(text);
}

function portProblem(port: number, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return `error: port ${port} of 127.0.0.1 cannot be had (${code}); name another by --port`;
}
