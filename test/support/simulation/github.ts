// GitHub's REST in memory, the calls that the forge makes: its own code for finding before creating runs on top of this.
import type { RestAnswer, RestCall } from '../../../src/services/forge/rest.ts';
import { defaultBranch, type SimulatedGit } from './git.ts';

export const repository = 'acme/shop';
const viewer = { id: 7, login: 'codingworker' };

type Pull = {
  number: number;
  title: string;
  body: string;
  state: 'open' | 'closed';
  merged: boolean;
  branch: string;
  head: string;
};
type Comment = { id: number; issue: number; body: string };

const answer = (status: number, body: unknown): RestAnswer => ({ status, headers: {}, body });
const gone = answer(404, { message: 'Not Found' });

export class SimulatedGitHub {
  readonly pulls: Pull[] = [];
  readonly comments: Comment[] = [];
  readonly labels = new Map<number, Set<string>>();
  readonly #git: SimulatedGit;
  #count = 100;

  constructor(git: SimulatedGit) {
    this.#git = git;
  }

  /** What a call is answered, its effect done. */
  ask({ method, path, body }: RestCall): RestAnswer {
    this.#followBranches();
    const [place = '', query = ''] = path.split('?');
    if (place === '/user') return answer(200, viewer);
    const [kind, number = '', part, name] = place.replace(`/repos/${repository}/`, '').split('/');
    if (kind === 'pulls') {
      if (method === 'GET') return answer(200, this.#listPulls(new URLSearchParams(query)));
      return method === 'POST' ? this.#openPull(body ?? {}) : this.#editPull(Number(number), body ?? {});
    }
    if (kind !== 'issues') return gone;
    if (number === 'comments' && method === 'DELETE') return this.#deleteComment(Number(part));
    if (number === 'comments') return this.#editComment(Number(part), body ?? {});
    if (part === 'comments')
      return method === 'GET' ? this.#listComments(Number(number)) : this.#comment(Number(number), body ?? {});
    return part === 'labels' ? this.#label(method, Number(number), body ?? {}, name) : gone;
  }

  /** A pull request shows its branch, and is closed when that is deleted. */
  #followBranches(): void {
    for (const pull of this.pulls.filter(({ state }) => state === 'open')) {
      const head = this.#git.branches.get(pull.branch);
      if (head === undefined) pull.state = 'closed';
      else pull.head = head;
    }
  }

  #listPulls(query: URLSearchParams): unknown[] {
    const head = query.get('head') ?? '';
    return this.pulls
      .filter(({ branch, state }) => head === `acme:${branch}` && (query.get('state') === 'all' || state === 'open'))
      .toReversed()
      .map(pullBody);
  }

  #openPull(body: Readonly<Record<string, unknown>>): RestAnswer {
    const branch = String(body['head']);
    const head = this.#git.branches.get(branch);
    const isOpen = this.pulls.some((pull) => pull.branch === branch && pull.state === 'open');
    if (head === undefined || isOpen || body['base'] !== defaultBranch)
      return answer(422, { message: 'Validation Failed' });
    const text = { title: String(body['title']), body: String(body['body']) };
    const pull: Pull = { number: this.#next(), ...text, state: 'open', merged: false, branch, head };
    this.pulls.push(pull);
    return answer(201, pullBody(pull));
  }

  #editPull(number: number, body: Readonly<Record<string, unknown>>): RestAnswer {
    const pull = this.pulls.find((one) => one.number === number);
    if (pull === undefined) return gone;
    pull.title = String(body['title']);
    pull.body = String(body['body']);
    return answer(200, pullBody(pull));
  }

  #listComments(issue: number): RestAnswer {
    return answer(200, this.comments.filter((comment) => comment.issue === issue).map(commentBody));
  }

  #comment(issue: number, body: Readonly<Record<string, unknown>>): RestAnswer {
    const comment = { id: this.#next(), issue, body: String(body['body']) };
    this.comments.push(comment);
    return answer(201, commentBody(comment));
  }

  #editComment(id: number, body: Readonly<Record<string, unknown>>): RestAnswer {
    const comment = this.comments.find((one) => one.id === id);
    if (comment === undefined) return gone;
    comment.body = String(body['body']);
    return answer(200, commentBody(comment));
  }

  #deleteComment(id: number): RestAnswer {
    const index = this.comments.findIndex((one) => one.id === id);
    if (index === -1) return gone;
    this.comments.splice(index, 1);
    return answer(204, undefined);
  }

  #label(method: string, issue: number, body: Readonly<Record<string, unknown>>, name = ''): RestAnswer {
    const labels = this.labels.get(issue) ?? new Set<string>();
    this.labels.set(issue, labels);
    if (method === 'POST') for (const label of body['labels'] as string[]) labels.add(label); // the forge's own call
    if (method === 'DELETE' && !labels.delete(decodeURIComponent(name))) return gone;
    return answer(
      200,
      [...labels].map((label) => ({ name: label })),
    );
  }

  #next(): number {
    this.#count += 1;
    return this.#count;
  }
}

const pullBody = ({ number, title, body, state, merged, branch, head }: Pull): unknown => ({
  number,
  html_url: `https://github.invalid/${repository}/pull/${number}`,
  title,
  body,
  state,
  merged_at: merged ? '2026-11-01T00:00:00Z' : null,
  head: { ref: branch, sha: head, repo: { full_name: repository } },
});

const commentBody = ({ id, issue, body }: Comment): unknown => ({
  id,
  html_url: `https://github.invalid/${repository}/issues/${issue}#issuecomment-${id}`,
  body,
  user: viewer,
});
