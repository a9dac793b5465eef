// The worker's real code on simulated clocks, disks, queue, git and GitHub: whatever a seed's faults are, no rule is broken.
import { expect, test } from 'vitest';
import { simulate, type Simulation } from '../support/simulation/simulate.ts';

const part = 500;
/** A quarter of a minute on an idle core; a busy one must not fail it. */
const patienceMs = 10 * 60_000;

test.each([1, 501, 1_001, 1_501])(
  `no rule is broken in the ${part} simulated runs from seed %i on`,
  async (start) => {
    const broken: string[] = [];
    for (let seed = start; seed < start + part; seed += 1) {
      const { violations } = await simulate(seed);
      if (violations.length > 0)
        broken.push(`npm run simulate -- --seeds 1 --start ${seed} --trace: ${violations.join('; ')}`);
    }
    expect(broken).toEqual([]);
  },
  patienceMs,
);

test(
  'the same seed twice gives the same journals, byte for byte, and other seeds give others',
  async () => {
    const run = async (): Promise<Simulation[]> => {
      const runs: Simulation[] = [];
      for (let seed = 1; seed <= 25; seed += 1) runs.push(await simulate(seed, true));
      return runs;
    };
    const [first, second] = [await run(), await run()];
    expect(second).toEqual(first);
    expect(new Set(first.map(({ digest }) => digest)).size).toBe(25);
  },
  patienceMs,
);
