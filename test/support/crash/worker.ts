// The shipped worker as a process that strikes itself: started by the crash tests, which tell it where by its environment.
import { runCommand } from '../../../src/cli/run-command.ts';
import { serve } from '../../../src/cli/serve.ts';
import { ordersFrom, strikingAt } from './points.ts';
import { strikeRequests, struckRuntime } from './struck-runtime.ts';

const orders = ordersFrom(process.env);
const around = strikingAt(orders);

await runCommand(() =>
  serve((runtime) => {
    strikeRequests(process.env['GITHUB_API_URL'] ?? '', around);
    const { leaseSeconds = runtime.settings.leaseSeconds, aheadMs = 0 } = orders;
    const clock = { ...runtime.clock, now: () => runtime.clock.now() + aheadMs };
    return struckRuntime({ ...runtime, clock, settings: { ...runtime.settings, leaseSeconds } }, around);
  }),
);
