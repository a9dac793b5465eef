// Pages for people: an issue or a pull request as GitHub would show it.
import type { Exchange, Reply } from './exchange.ts';
import type { GitHubState } from './state.ts';

export async function answerPage(_state: GitHubState, _exchange: Exchange): Promise<Reply> {
  return { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'Not Found\n' };
}
