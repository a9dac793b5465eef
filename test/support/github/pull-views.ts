// Pull requests as a test or the demo wants to see them: with what they would close and whom they mention.
import { currentPulls } from './pull-routes.ts';
import { closedIssues, mentions } from './references.ts';
import type { Repository } from './state.ts';

export type PullView = {
  number: number;
  url: string;
  title: string;
  body: string;
  state: 'open' | 'closed' | 'merged';
  headBranch: string;
  headCommit: string;
  baseBranch: string;
  labels: string[];
  author: string;
  /** Issues that a merge would close: none unless the base is the default branch. */
  closes: number[];
  mentions: string[];
};

/** All pull requests, oldest first, with the heads that their branches have now. */
export async function pullViews(repository: Repository, origin: string): Promise<PullView[]> {
  const pulls = await currentPulls(repository);
  return pulls.map(({ pull, ...issue }) => ({
    number: issue.number,
    url: `${origin}/${repository.fullName}/pull/${issue.number}`,
    title: issue.title,
    body: issue.body,
    state: pull.mergedAt === undefined ? issue.state : 'merged',
    headBranch: pull.headBranch,
    headCommit: pull.headCommit,
    baseBranch: pull.baseBranch,
    labels: issue.labels,
    author: issue.author,
    closes: pull.baseBranch === repository.defaultBranch ? closedIssues(issue.body, repository.fullName) : [],
    mentions: mentions(issue.body),
  }));
}
