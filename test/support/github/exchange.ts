// One request as the routes see it, and their answer.
import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import { Problem, unprocessable } from './problem.ts';
import type { Account, GitHubState, Permission, Repository } from './state.ts';

/** A request after its body was read; `path` has no `/api/v3` and no query. */
export type Exchange = {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** `http://127.0.0.1:1234`: the listener that was asked. */
  origin: string;
};

export type Reply = { status: number; headers?: Record<string, string>; body?: string | Buffer };

export type JsonReply = { status: number; json?: unknown; headers?: Record<string, string> };

/** What a route is given: who asks, in which repository, and with which parameters. */
export type Call = {
  state: GitHubState;
  exchange: Exchange;
  viewer: Account;
  /** What the token may do; the account may be allowed more. */
  permission: Permission;
  params: Readonly<Record<string, string>>;
};

export type RepositoryCall = Call & { repository: Repository };

/** The request's JSON, checked: 400 for what is no JSON object, 422 for wrong types, as GitHub does. */
export function jsonBody<T>(call: Call, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(call.exchange.body.toString('utf8'));
  } catch {
    throw new Problem(400, 'Problems parsing JSON');
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => `For '${issue.path.join('/')}', ${issue.message}.`);
  throw unprocessable(`Invalid request.\n\n${wrong.join('\n')}`);
}

/** A number in the path; anything else is a page that does not exist. */
export function numberParam(call: Call, name: string): number {
  const value = Number(call.params[name]);
  if (!Number.isSafeInteger(value) || value < 1) throw new Problem(404, 'Not Found');
  return value;
}
