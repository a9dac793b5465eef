// The GitHub stand-in: strict REST, git over HTTP and pages on the loopback interface, with real git repositories in a temporary folder.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { commitTo, initBare, mergeBranch, type Files } from './bare-repository.ts';
import { Faults, type Fault, type FaultMatch } from './faults.ts';
import { changeIssue } from './issue-routes.ts';
import { pullViews, type PullView } from './pull-views.ts';
import { listen, type Listener, type LoggedRequest } from './server.ts';
import { GitHubState, timestamp, type Permission, type StoredComment, type StoredIssue } from './state.ts';
import { makeCertificate } from './tls.ts';

export type GitHubOptions = {
  /** Listen over HTTPS too, with a certificate made for the run. */
  tls?: boolean;
  /** Login that the ready-made `token` belongs to; `codingworker-bot` if not given. */
  login?: string;
  /** Value of the ready-made token. */
  token?: string;
};

export type RepositoryFacts = {
  /** `owner/name`. */
  fullName: string;
  /** The first commit; without files, and with `empty`, there is none. */
  files?: Files;
  /** `main` if not given. */
  defaultBranch?: string;
  empty?: boolean;
  private?: boolean;
};

type Address = { origin: string; host: string; apiUrl: string };

/** Starts the stand-in. `close` ends its connections and removes its repositories. */
export async function startGitHub(options: GitHubOptions = {}): Promise<GitHub> {
  const directory = await mkdtemp(path.join(tmpdir(), 'github-stand-in-'));
  const parts = { state: new GitHubState(), faults: new Faults(), requests: [] };
  const token = options.token ?? 'ghp_standInTokenWithWriteAccess0000000000';
  parts.state.addToken(token, options.login ?? 'codingworker-bot', 'write');
  const http = await listen(parts);
  if (options.tls !== true) return new GitHub(parts, directory, token, http);
  const certificate = await makeCertificate(path.join(directory, 'ca.pem'));
  const https = await listen(parts, certificate);
  return new GitHub(parts, directory, token, http, { listener: https, caFile: certificate.caFile });
}

type Parts = { state: GitHubState; faults: Faults; requests: LoggedRequest[] };

const addressOf = (listener: Listener): Address => ({
  origin: listener.origin,
  host: new URL(listener.origin).host,
  apiUrl: `${listener.origin}/api/v3`,
});

export class GitHub {
  /** Where pages and git are: `http://127.0.0.1:1234`. */
  readonly url: string;
  readonly apiUrl: string;
  readonly tls: { host: string; url: string; apiUrl: string; caFile: string } | undefined;
  /** A token that may write. */
  readonly token: string;
  /** Every request in the order in which they came. */
  readonly requests: readonly LoggedRequest[];
  readonly #parts: Parts;
  readonly #directory: string;
  readonly #listeners: Listener[];

  constructor(
    parts: Parts,
    directory: string,
    token: string,
    http: Listener,
    https?: { listener: Listener; caFile: string },
  ) {
    this.#parts = parts;
    this.#directory = directory;
    this.#listeners = https === undefined ? [http] : [http, https.listener];
    this.requests = parts.requests;
    this.token = token;
    this.url = http.origin;
    this.apiUrl = addressOf(http).apiUrl;
    if (https !== undefined) {
      const { origin, host, apiUrl } = addressOf(https.listener);
      this.tls = { url: origin, host, apiUrl, caFile: https.caFile };
    }
  }

  /** Another token. `none` sees no repository, `read` may change nothing. Returns its value. */
  addToken(facts: { permission: Permission; login: string; token?: string }): string {
    const token = facts.token ?? `ghp_standIn${facts.permission}For${facts.login}${this.#parts.state.nextId()}`;
    this.#parts.state.addToken(token, facts.login, facts.permission);
    return token;
  }

  /** From now on the token is unknown, as when it expired. */
  revokeToken(token: string): void {
    this.#parts.state.tokens.delete(token);
  }

  /** What the collaborator endpoint says about a login. */
  setPermission(login: string, permission: Permission): void {
    this.#parts.state.account(login, permission);
  }

  /** Leaves a token this many requests until the reset, this many seconds from now. */
  limitRate(facts: { token?: string; remaining: number; resetInSeconds: number }): void {
    const token = this.#parts.state.tokens.get(facts.token ?? this.token);
    if (token === undefined) throw new Error('The stand-in does not know this token.');
    token.rate.used = token.rate.limit - facts.remaining;
    token.rate.resetAt = Math.ceil(Date.now() / 1000) + facts.resetInSeconds;
  }

  async createRepository(facts: RepositoryFacts): Promise<void> {
    const { state } = this.#parts;
    const [owner = '', name = ''] = facts.fullName.split('/');
    const defaultBranch = facts.defaultBranch ?? 'main';
    const directory = path.join(this.#directory, String(state.nextId()), `${name}.git`);
    await initBare(directory, defaultBranch);
    state.account(owner, 'admin');
    state.repositories.push({
      id: state.nextId(),
      owner,
      name,
      fullName: facts.fullName,
      defaultBranch,
      private: facts.private ?? false,
      createdAt: timestamp(),
      directory,
      issues: new Map(),
      comments: [],
      labels: [],
    });
    if (facts.empty === true) return;
    const files = facts.files ?? { 'README.md': `# ${name}\n` };
    await this.commitTo(facts.fullName, defaultBranch, files, 'Initial commit');
  }

  /** A human's push: one commit on top of the branch; a new branch starts at the default one. Returns the commit's id. */
  async commitTo(fullName: string, branch: string, files: Files, message: string, author?: string): Promise<string> {
    const repository = this.#parts.state.repository(fullName);
    const facts = { branch, startBranch: repository.defaultBranch, files, message };
    return commitTo(repository.directory, { ...facts, author: author ?? repository.owner });
  }

  /** Opens an issue; by the repository's owner if no author is given. */
  createIssue(
    fullName: string,
    facts: { title: string; body?: string; labels?: string[]; author?: string },
  ): Readonly<StoredIssue> {
    const repository = this.#parts.state.repository(fullName);
    const { title, body = '', labels = [], author = repository.owner } = facts;
    return this.#parts.state.addIssue(repository, { title, body, labels, author });
  }

  /** Somebody's comment on an issue or pull request. */
  addComment(fullName: string, number: number, facts: { author: string; body: string }): Readonly<StoredComment> {
    return this.#parts.state.addComment(this.#parts.state.repository(fullName), number, facts.author, facts.body);
  }

  issue(fullName: string, number: number): Readonly<StoredIssue> {
    const found = this.#parts.state.repository(fullName).issues.get(number);
    if (found === undefined) throw new Error(`${fullName} has no issue ${number}.`);
    return found;
  }

  /** From now on the issue answers 410. */
  deleteIssue(fullName: string, number: number): void {
    const issue = this.#parts.state.repository(fullName).issues.get(number);
    if (issue !== undefined) issue.deleted = true;
  }

  /** From now on its old place redirects to the new one. Comments and labels stay behind. */
  transferIssue(fullName: string, number: number, to: string): Readonly<StoredIssue> {
    const { state } = this.#parts;
    const [from, into] = [state.repository(fullName), state.repository(to)];
    const issue = from.issues.get(number);
    if (issue === undefined) throw new Error(`${fullName} has no issue ${number}.`);
    const { title, body, author } = issue;
    const there = state.addIssue(into, { title, body, author, labels: [] });
    issue.movedTo = { repositoryId: into.id, number: there.number };
    return there;
  }

  /** From now on REST and git answer 404. */
  deleteRepository(fullName: string): void {
    const { repositories } = this.#parts.state;
    repositories.splice(repositories.indexOf(this.#parts.state.repository(fullName)), 1);
  }

  comments(fullName: string, number: number): readonly Readonly<StoredComment>[] {
    return this.#parts.state.repository(fullName).comments.filter((comment) => comment.issueNumber === number);
  }

  /** All pull requests, oldest first, with the heads that their branches have now. */
  pulls(fullName: string): Promise<PullView[]> {
    return pullViews(this.#parts.state.repository(fullName), this.url);
  }

  /** A human merges: the base moves, and what the body says it closes is closed. */
  async mergePull(fullName: string, number: number): Promise<void> {
    const repository = this.#parts.state.repository(fullName);
    const view = (await this.pulls(fullName)).find((pull) => pull.number === number);
    const issue = repository.issues.get(number);
    if (view?.state !== 'open' || issue?.pull === undefined) throw new Error(`${fullName}#${number} is not open.`);
    const { baseBranch, headBranch } = issue.pull;
    issue.pull.mergeCommit = await mergeBranch(repository.directory, baseBranch, headBranch, repository.owner);
    issue.pull.mergedAt = timestamp();
    for (const closed of [issue, ...view.closes.map((closing) => repository.issues.get(closing))]) {
      if (closed !== undefined) changeIssue(closed, { state: 'closed' });
    }
  }

  /** The bare repository, for git itself. */
  gitDirectory(fullName: string): string {
    return this.#parts.state.repository(fullName).directory;
  }

  /** From now on the repository answers 404, and nothing of it is kept; nor is the list of requests. For runs that last for hours. */
  async forget(fullName: string): Promise<void> {
    const { state, requests } = this.#parts;
    const { directory } = state.repository(fullName);
    state.repositories.splice(state.repositories.indexOf(state.repository(fullName)), 1);
    requests.length = 0;
    await rm(path.dirname(directory), { recursive: true, force: true });
  }

  /** Lets the next requests that match fail. */
  fail(match: FaultMatch, fault: Fault): void {
    this.#parts.faults.add(match, fault);
  }

  clearFaults(): void {
    this.#parts.faults.clear();
  }

  async close(): Promise<void> {
    await Promise.all(this.#listeners.map((listener) => listener.close()));
    await rm(this.#directory, { recursive: true, force: true });
  }
}
