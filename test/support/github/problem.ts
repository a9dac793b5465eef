// GitHub's error answers, as they are worded and shaped by the real one. Thrown by routes, sent by rest.ts.
import type { components } from '@octokit/openapi-types';

export type FieldError = NonNullable<components['schemas']['validation-error']['errors']>[number];

const documentation = 'https://docs.github.com/rest';

/** An error answer. Routes throw it; it is no failure of the stand-in. */
export class Problem extends Error {
  readonly status: number;
  readonly body: object;
  readonly headers: Record<string, string>;

  constructor(status: number, message: string, extra: object = {}, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.body = { message, ...extra, documentation_url: documentation, status: String(status) };
    this.headers = headers;
  }
}

export const badCredentials = (): Problem => new Problem(401, 'Bad credentials');
export const requiresAuthentication = (): Problem => new Problem(401, 'Requires authentication');
export const notFound = (message = 'Not Found'): Problem => new Problem(404, message);
export const gone = (message: string): Problem => new Problem(410, message);
export const notAccessible = (): Problem => new Problem(403, 'Resource not accessible by personal access token');
export const unprocessable = (message: string): Problem => new Problem(422, message);
export const emptyGitRepository = (): Problem => new Problem(409, 'Git Repository is empty.');

/** 422 with one entry for each thing that is wrong. */
export const invalid = (...errors: FieldError[]): Problem => new Problem(422, 'Validation Failed', { errors });
