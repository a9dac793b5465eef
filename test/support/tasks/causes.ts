// What must have happened to a task before an effect of it: the states that run it.
import type { EffectName } from './scripted-runtime.ts';

export const causes: Partial<Record<EffectName, readonly string[]>> = {
  clone: ['cloning'],
  agent: ['generating', 'testing-pass', 'fixing'],
  verify: ['verifying'],
  push: ['publishing'],
  comment: ['reporting'],
};
