// What the soak's tasks are: an issue names its story, the agent plays it, and a story says which ends it may have when nothing interferes.
import type { FailureCode } from '../../../src/events/failure-codes.ts';
import { hopeless, oneFix } from '../quick-agent/stories.ts';
import type { Edits } from '../quick-agent/quick-agent.ts';
import type { Random } from '../simulation/random.ts';

export type StoryName = 'first-try' | 'one-fix' | 'stumbling' | 'hopeless' | 'silent' | 'failing' | 'hanging';

type Story = {
  /** Of a hundred tasks, about so many. */
  share: number;
  edits: Edits;
  /** The failure that it ends with; one without is published. */
  code?: FailureCode;
};

const { generate: wrong = {}, tests = {}, 'fix-1': right = {} } = oneFix.edits;

export const stories: Readonly<Record<StoryName, Story>> = {
  'first-try': { share: 30, edits: { generate: right, tests } },
  'one-fix': { share: 35, edits: { generate: wrong, tests, 'fix-1': right } },
  /** The model's server fails once in each pass. */
  stumbling: { share: 12, edits: { generate: right, tests } },
  hopeless: { share: 10, edits: hopeless.edits, code: 'CW-VERIFY-TEST' },
  silent: { share: 6, edits: {}, code: 'CW-AGENT-NO-CHANGE' },
  failing: { share: 4, edits: {}, code: 'CW-AGENT-FAILED' },
  hanging: { share: 3, edits: {}, code: 'CW-AGENT-TIMEOUT' },
};

// The keys of the record above.
const names = Object.keys(stories) as StoryName[];

export function drawStory(random: Random): StoryName {
  let left = random.between(0, 100);
  return names.find((name) => (left -= stories[name].share) < 0) ?? 'one-fix';
}

/** Files of every repository. */
export const { files } = oneFix;

export const issueOf = (story: StoryName): { title: string; body: string } => ({
  title: oneFix.issue.title,
  body: `${oneFix.issue.body}\n\nStory: ${story}`,
});
