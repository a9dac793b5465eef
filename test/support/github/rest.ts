// GitHub's REST: who asks, what they may do, which route answers, and the headers of every answer.
import { createHash, randomUUID } from 'node:crypto';
import { URLPattern } from 'node:url';
import type { Call, Exchange, JsonReply, Reply, RepositoryCall } from './exchange.ts';
import * as comments from './comment-routes.ts';
import * as issues from './issue-routes.ts';
import * as labels from './label-routes.ts';
import * as pulls from './pull-routes.ts';
import * as repositories from './repository-routes.ts';
import { badCredentials, notAccessible, notFound, Problem, requiresAuthentication } from './problem.ts';
import type { GitHubState, Token } from './state.ts';

type Route = { method: string; pattern: URLPattern; run: (call: RepositoryCall) => JsonReply | Promise<JsonReply> };

const pattern = (pathname: string): URLPattern => new URLPattern({ pathname });
const inRepository = (method: string, path: string, run: Route['run']): Route => ({
  method,
  pattern: pattern(`/repos/:owner/:repo${path}`),
  run,
});

const routes: readonly Route[] = [
  inRepository('GET', '', repositories.getRepository),
  inRepository('GET', '/branches', repositories.listBranches),
  inRepository('GET', '/branches/:branch+', repositories.getBranch),
  inRepository('GET', '/git/ref/heads/:branch+', repositories.getRef),
  inRepository('GET', '/git/matching-refs/heads/:branch*', repositories.listMatchingRefs),
  inRepository('DELETE', '/git/refs/heads/:branch+', repositories.deleteRef),
  inRepository('GET', '/collaborators/:login/permission', repositories.getPermission),
  inRepository('GET', '/labels', labels.listRepositoryLabels),
  inRepository('GET', '/issues', issues.listIssues),
  inRepository('POST', '/issues', issues.createIssue),
  inRepository('GET', '/issues/:number(\\d+)', issues.getIssue),
  inRepository('PATCH', '/issues/:number(\\d+)', issues.updateIssue),
  inRepository('GET', '/issues/:number/comments', comments.listComments),
  inRepository('POST', '/issues/:number/comments', comments.createComment),
  inRepository('GET', '/issues/comments/:id', comments.getComment),
  inRepository('PATCH', '/issues/comments/:id', comments.updateComment),
  inRepository('DELETE', '/issues/comments/:id', comments.deleteComment),
  inRepository('POST', '/issues/comments/:id/reactions', comments.reactToComment),
  inRepository('POST', '/issues/:number(\\d+)/reactions', comments.reactToIssue),
  inRepository('GET', '/issues/:number/labels', labels.listLabels),
  inRepository('POST', '/issues/:number/labels', labels.addLabels),
  inRepository('PUT', '/issues/:number/labels', labels.setLabels),
  inRepository('DELETE', '/issues/:number/labels/:name', labels.removeLabel),
  inRepository('GET', '/pulls', pulls.listPulls),
  inRepository('POST', '/pulls', pulls.createPull),
  inRepository('GET', '/pulls/:number', pulls.getPull),
  inRepository('PATCH', '/pulls/:number', pulls.updatePull),
];

const accountRoutes = [
  { pattern: pattern('/user'), run: repositories.getViewer },
  { pattern: pattern('/users/:login'), run: repositories.getUser },
];

/** Answers one REST request. What GitHub would refuse is an answer too; only mistakes of the stand-in throw. */
export async function answerRest(state: GitHubState, exchange: Exchange): Promise<Reply> {
  let token: Token | undefined;
  let reply: JsonReply;
  try {
    if (exchange.headers['user-agent'] === undefined) {
      throw new Problem(
        403,
        'Request forbidden by administrative rules. Please make sure your request has a User-Agent header',
      );
    }
    token = authenticate(state, exchange);
    checkRate(token);
    reply = await dispatch(state, exchange, token);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    reply = { status: error.status, json: error.body, headers: error.headers };
  }
  return rendered(exchange, reply, token);
}

function authenticate(state: GitHubState, exchange: Exchange): Token {
  const header = exchange.headers.authorization;
  if (header === undefined) throw requiresAuthentication();
  const token = state.tokens.get(/^(?:token|bearer) (\S+)$/i.exec(header)?.[1] ?? '');
  if (token === undefined) throw badCredentials();
  return token;
}

/** 403 without doing anything when the hour's requests are used up. */
function checkRate(token: Token): void {
  if (token.rate.resetAt * 1000 <= Date.now()) {
    token.rate.used = 0;
    token.rate.resetAt = Math.ceil(Date.now() / 1000) + 3600;
  }
  if (token.rate.used >= token.rate.limit) {
    throw new Problem(403, `API rate limit exceeded for user ID ${token.account.id}.`);
  }
  token.rate.used += 1;
}

async function dispatch(state: GitHubState, exchange: Exchange, token: Token): Promise<JsonReply> {
  const path = normalPath(state, exchange.path);
  const call = { state, exchange: { ...exchange, path }, viewer: token.account, permission: token.permission };
  for (const { pattern: candidate, run } of accountRoutes) {
    const match = candidate.exec({ pathname: path });
    if (match !== null && exchange.method === 'GET') return run({ ...call, params: decoded(match.pathname.groups) });
  }
  for (const route of routes) {
    const match = route.method === exchange.method ? route.pattern.exec({ pathname: path }) : null;
    if (match !== null) return route.run(inItsRepository({ ...call, params: decoded(match.pathname.groups) }));
  }
  throw notFound();
}

/** 404 for what the token cannot see, 403 for what it may only read. */
function inItsRepository(call: Call): RepositoryCall {
  const repository = call.state.find(`${call.params['owner']}/${call.params['repo']}`);
  if (repository === undefined || call.permission === 'none') throw notFound();
  if (call.exchange.method !== 'GET' && call.permission === 'read') throw notAccessible();
  return { ...call, repository };
}

/** One form of each path: pages are linked by the repository's id, and Octokit encodes the slashes of a ref. */
function normalPath(state: GitHubState, path: string): string {
  const [, id, rest] = /^\/repositories\/(\d+)(.*)$/.exec(path) ?? [];
  const repository = state.repositories.find((candidate) => String(candidate.id) === id);
  if (repository !== undefined) return `/repos/${repository.fullName}${rest}`;
  return /\/git\/(?:ref|refs|matching-refs)\//.test(path) ? path.replaceAll(/%2F/gi, '/') : path;
}

const decoded = (groups: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value ?? '')]));

function rendered(exchange: Exchange, reply: JsonReply, token: Token | undefined): Reply {
  const headers = { ...commonHeaders(token), ...reply.headers };
  if (reply.json === undefined) return { status: reply.status, headers };
  const body = JSON.stringify(reply.json);
  const json = { ...headers, 'content-type': 'application/json; charset=utf-8' };
  if (exchange.method !== 'GET' || reply.status !== 200) return { status: reply.status, headers: json, body };
  const etag = `W/"${createHash('sha256').update(body).digest('hex')}"`;
  // A request that is answered by 304 does not count.
  const unchanged = exchange.headers['if-none-match'] === etag;
  if (unchanged && token !== undefined) token.rate.used -= 1;
  if (unchanged) return { status: 304, headers: { ...commonHeaders(token), etag } };
  return { status: 200, headers: { ...json, etag, 'cache-control': 'private, max-age=60, s-maxage=60' }, body };
}

function commonHeaders(token: Token | undefined): Record<string, string> {
  const always = {
    'x-github-request-id': randomUUID(),
    'x-github-media-type': 'github.v3; format=json',
    'x-github-api-version-selected': '2022-11-28',
  };
  if (token === undefined) return always;
  const { limit, used, resetAt } = token.rate;
  return {
    ...always,
    'x-oauth-scopes': 'repo',
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-used': String(used),
    'x-ratelimit-remaining': String(limit - used),
    'x-ratelimit-reset': String(resetAt),
    'x-ratelimit-resource': 'core',
  };
}
