// What the two GitHub adapters differ in: how one REST call is sent. Everything else is built once over this.

export type RestCall = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the API's root, with a query if there is one: `/repos/o/r/issues?page=2`. Its parts are percent-encoded. */
  path: string;
  body?: Readonly<Record<string, unknown>>;
};

export type RestAnswer = {
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** Parsed JSON; the text when it is none. */
  body: unknown;
};

/**
 * Sends one call. Every HTTP status is an answer, not an error. A POST is sent once and never repeated, because its effect may
 * have happened although its answer was lost. Throws `CW-GITHUB-UNAVAILABLE` when no answer came; rejects when aborted, also while it waits.
 */
export type GitHubRest = (call: RestCall, signal: AbortSignal) => Promise<RestAnswer>;
