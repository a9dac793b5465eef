// Each call that a whole run makes to the disk goes wrong once, in each way that disks do: the next worker on that disk ends the task, once.
import { array, assert, asyncProperty, constantFrom, integer, nat, pre } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { transient } from '../support/tasks/facts.ts';
import type { EffectName } from '../support/tasks/scripted-runtime.ts';
import type { Ending } from '../support/tasks/walk.ts';
import { faults, type DiskFault } from '../support/disk-faults/struck-disk.ts';
import { twoLives, type Mishap, type TwoLives } from '../support/disk-faults/two-lives.ts';

const unharmed: Mishap = { at: 0, fault: 'EIO', seed: 0 };

/** One effect of each step, so that a step that was done again is counted once. */
const decisive: readonly EffectName[] = ['clone', 'agent', 'verify', 'push', 'comment'];
const doneAgain = (life: TwoLives, clean: TwoLives): number =>
  decisive.reduce((sum, name) => sum + Math.max(0, timesOf(name, life) - timesOf(name, clean)), 0);
const timesOf = (name: EffectName, { effects }: TwoLives): number => effects.filter((each) => each === name).length;

/** What is wrong about a task's two lives, beside one in which all went well. */
function wrongIn(life: TwoLives, clean: TwoLives, fault: DiskFault): string[] {
  const wrong = [...life.wrong];
  // A step that cannot read or write its files on a broken disk is explained; to try it again would help nobody.
  const isExplained = fault === 'EIO' && life.records.some(({ data }) => 'code' in data && data.code === 'CW-INTERNAL');
  const state = isExplained ? 'failed-permanent' : clean.state;
  if (life.state !== state) wrong.push(`it ended as ${life.state} instead of ${state}`);
  const kept = JSON.stringify(life.records.slice(0, life.before.length));
  if (kept !== JSON.stringify(life.before)) wrong.push('what the second worker found is no longer in the journal');
  if (!isExplained && doneAgain(life, clean) > 1) wrong.push(`effects: ${life.effects.join(', ')}`);
  return wrong;
}

const runs: readonly { name: string; endings: readonly Ending[] }[] = [
  { name: 'is published after a retry and a fix', endings: ['done', 'done', transient(), 'done', 'failed'] },
  {
    name: 'is explained after three fixes',
    endings: ['done', 'done', 'done', 'failed', 'done', 'failed', 'done', 'failed', 'done', 'failed'],
  },
];

describe.each(runs)('a task that $name', ({ endings }) => {
  it.each(faults)('ends once and rightly when a call of the disk meets “%s”, whichever call it is', async (fault) => {
    const clean = await twoLives(endings, unharmed);
    expect({ wrong: clean.wrong, calls: clean.calls.length > 45 }).toEqual({ wrong: [], calls: true });
    const wrong: string[] = [];
    let struck = 0;
    for (const [index, call] of clean.calls.entries()) {
      const life = await twoLives(endings, { at: index + 1, fault, seed: index });
      if (life.hasStruck) struck += 1;
      for (const each of wrongIn(life, clean, fault)) wrong.push(`call ${index + 1}, ${call}: ${each}`);
    }
    expect(wrong).toEqual([]);
    expect(struck).toBeGreaterThan(10);
  });
});

it('any task ends once and rightly whatever a call of the disk meets', async () => {
  const ending = constantFrom<Ending>('done', 'done', 'failed', transient());
  await assert(
    asyncProperty(
      array(ending, { maxLength: 10 }),
      constantFrom(...faults),
      nat(),
      integer(),
      async (endings, fault, place, seed) => {
        const clean = await twoLives(endings, unharmed);
        pre(clean.wrong.length === 0);
        const at = (place % clean.calls.length) + 1;
        const life = await twoLives(endings, { at, fault, seed });
        expect(wrongIn(life, clean, fault)).toEqual([]);
      },
    ),
    { numRuns: 100 },
  );
});
