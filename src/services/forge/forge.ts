// The port to the forge (GitHub): what is read and written there besides git. Every write looks before it acts, so that it may be repeated.

export type Issue = {
  number: number;
  title: string;
  body: string;
  labels: string[];
  author: string;
  state: 'open' | 'closed';
  /** GitHub numbers pull requests with the issues, and gives them as issues too. */
  isPullRequest: boolean;
  /** ISO 8601. */
  createdAt: string;
};

export type PullRequest = {
  number: number;
  url: string;
  state: 'open' | 'closed' | 'merged';
  headBranch: string;
  headCommit: string;
  body: string;
};

export type PullRequestDraft = {
  repository: string;
  /** Branch of the same repository that holds the change. */
  headBranch: string;
  baseBranch: string;
  title: string;
  body: string;
};

export type IssueComment = { id: number; url: string };

export type Forge = {
  /** The login that the token belongs to. */
  viewer(signal: AbortSignal): Promise<string>;
  getIssue(repository: string, number: number, signal: AbortSignal): Promise<Issue>;
  /** The open pull request of a head branch in the same repository, if there is one. */
  findOpenPullRequest(repository: string, headBranch: string, signal: AbortSignal): Promise<PullRequest | undefined>;
  /** Every pull request of a head branch in the same repository, closed and merged ones too, newest first; 100 at most. */
  findPullRequests(repository: string, headBranch: string, signal: AbortSignal): Promise<PullRequest[]>;
  /**
   * The open pull request of `headBranch`; created if there is none. One that is found keeps its title and body unless they
   * differ from the draft, then they are updated; one that came between the look and the creation keeps them.
   */
  ensurePullRequest(draft: PullRequestDraft, signal: AbortSignal): Promise<PullRequest>;
  /**
   * Posts `body` on issue or pull request `number`, once: a comment of ours that contains `marker` is found and updated instead, and one that
   * came between the look and the posting is left as it is and ours taken back.
   * `body` contains `marker`, an HTML comment.
   */
  ensureComment(
    repository: string,
    number: number,
    marker: string,
    body: string,
    signal: AbortSignal,
  ): Promise<IssueComment>;
  /** Our comment on issue or pull request `number` that contains `marker`, if there is one. */
  findComment(
    repository: string,
    number: number,
    marker: string,
    signal: AbortSignal,
  ): Promise<IssueComment | undefined>;
  /** Adds and removes labels; a label that is not there to be removed, or already there, is no error. */
  changeLabels(
    repository: string,
    number: number,
    change: { add: string[]; remove: string[] },
    signal: AbortSignal,
  ): Promise<void>;
};

/*
 * Every method throws, by HTTP status and not by prose: 401 `CW-GITHUB-AUTH`; 403 or 429 with a rate limit's headers
 * `CW-GITHUB-RATE-LIMIT` (with `retryAfterMs`), else 403 `CW-GITHUB-FORBIDDEN`; 404 and 410 `CW-GITHUB-NOT-FOUND`; 422
 * `CW-GITHUB-INVALID`; 5xx, timeouts and network errors `CW-GITHUB-UNAVAILABLE`. An abort rejects with the signal's reason.
 */
