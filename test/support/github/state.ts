// What the stand-in knows besides git: accounts, tokens, repositories, issues, pull requests, comments, labels, reactions. Plain data.
export type Permission = 'none' | 'read' | 'write' | 'admin';

export type Account = { id: number; login: string; permission: Permission };
export type Token = { account: Account; permission: Permission; rate: Rate };
/** What is left of a token's hourly requests. `resetAt` in epoch seconds, as GitHub gives it. */
export type Rate = { limit: number; used: number; resetAt: number };

export type StoredPull = {
  headBranch: string;
  baseBranch: string;
  /** Follows the branch while the pull request is open; the last one seen when it is not. */
  headCommit: string;
  draft: boolean;
  mergedAt?: string;
  mergeCommit?: string;
};

export type StoredReaction = { id: number; content: string; author: string; createdAt: string };

export type StoredComment = {
  id: number;
  issueNumber: number;
  body: string;
  author: string;
  createdAt: string;
  updatedAt: string;
  reactions: StoredReaction[];
};

export type StoredIssue = {
  id: number;
  number: number;
  title: string;
  body: string;
  labels: string[];
  author: string;
  state: 'open' | 'closed';
  deleted: boolean;
  /** Where it is now, when it was transferred. */
  movedTo?: { repositoryId: number; number: number };
  createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  reactions: StoredReaction[];
  /** Present when the issue is a pull request: GitHub numbers both together. */
  pull?: StoredPull;
};

export type StoredLabel = { id: number; name: string; color: string };

export type Repository = {
  id: number;
  owner: string;
  name: string;
  fullName: string;
  defaultBranch: string;
  private: boolean;
  createdAt: string;
  /** The bare git repository. */
  directory: string;
  issues: Map<number, StoredIssue>;
  comments: StoredComment[];
  labels: StoredLabel[];
};

const hourSeconds = 3600;

/** GitHub's data in memory. Names of owners, repositories, logins and labels are found whatever their case, as on GitHub. */
export class GitHubState {
  readonly accounts = new Map<string, Account>();
  readonly tokens = new Map<string, Token>();
  readonly repositories: Repository[] = [];
  #lastId = 1000;

  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** The account of a login, made with read permission when it is new. */
  account(login: string, permission?: Permission): Account {
    const known = this.accounts.get(login.toLowerCase());
    const account = known ?? { id: this.nextId(), login, permission: permission ?? 'read' };
    if (permission !== undefined) account.permission = permission;
    this.accounts.set(login.toLowerCase(), account);
    return account;
  }

  addToken(token: string, login: string, permission: Permission): void {
    const rate = { limit: 5000, used: 0, resetAt: Math.ceil(Date.now() / 1000) + hourSeconds };
    this.tokens.set(token, { account: this.account(login, permission), permission, rate });
  }

  find(fullName: string): Repository | undefined {
    return this.repositories.find((repository) => repository.fullName.toLowerCase() === fullName.toLowerCase());
  }

  /** Throws when there is none: a mistake of the test, not of what is tested. */
  repository(fullName: string): Repository {
    const found = this.find(fullName);
    if (found === undefined) throw new Error(`The stand-in has no repository ${fullName}; create it first.`);
    return found;
  }

  /** The next number for an issue or pull request of the repository. */
  nextNumber(repository: Repository): number {
    return Math.max(0, ...repository.issues.keys()) + 1;
  }

  addIssue(repository: Repository, facts: Pick<StoredIssue, 'title' | 'body' | 'author' | 'labels'>): StoredIssue {
    const now = timestamp();
    const issue: StoredIssue = {
      id: this.nextId(),
      number: this.nextNumber(repository),
      title: facts.title,
      body: facts.body,
      labels: facts.labels.map((name) => this.label(repository, name).name),
      author: this.account(facts.author).login,
      state: 'open',
      deleted: false,
      createdAt: now,
      updatedAt: now,
      closedAt: null,
      reactions: [],
    };
    repository.issues.set(issue.number, issue);
    return issue;
  }

  addComment(repository: Repository, issueNumber: number, author: string, body: string): StoredComment {
    const now = timestamp();
    const id = this.nextId();
    const login = this.account(author).login;
    const comment = { id, issueNumber, body, author: login, createdAt: now, updatedAt: now, reactions: [] };
    repository.comments.push(comment);
    return comment;
  }

  /** The repository's label of that name, created when it is new. */
  label(repository: Repository, name: string): StoredLabel {
    const known = repository.labels.find((label) => label.name.toLowerCase() === name.toLowerCase());
    if (known !== undefined) return known;
    const label = { id: this.nextId(), name, color: 'ededed' };
    repository.labels.push(label);
    return label;
  }
}

/** Now, in seconds as GitHub writes it. */
export const timestamp = (): string => new Date().toISOString().replace(/\.\d{3}Z$/, 'Z');
