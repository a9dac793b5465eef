// Pages and their Link header: 30 a page if not asked for more, never more than 100.
import type { JsonReply, RepositoryCall } from './exchange.ts';

const pageDefault = 30;
const pageMax = 100;

/** One page of a list. The links name the repository by id, as GitHub's do, so that nobody relies on their form. */
export async function page<T>(
  call: RepositoryCall,
  items: readonly T[],
  bodyOf: (item: T) => unknown,
): Promise<JsonReply> {
  const size = Math.min(positive(call.exchange.query.get('per_page'), pageDefault), pageMax);
  const number = positive(call.exchange.query.get('page'), 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const json = await Promise.all(items.slice((number - 1) * size, number * size).map((item) => bodyOf(item)));
  const targets = {
    ...(number > 1 && { prev: Math.min(number - 1, last), first: 1 }),
    ...(number < last && { next: number + 1, last }),
  };
  const links = Object.entries(targets).map(([rel, target]) => `<${pageUrl(call, target)}>; rel="${rel}"`);
  return { status: 200, json, ...(links.length > 0 && { headers: { link: links.join(', ') } }) };
}

function positive(text: string | null, otherwise: number): number {
  const value = Number(text ?? otherwise);
  return Number.isSafeInteger(value) && value > 0 ? value : otherwise;
}

function pageUrl(call: RepositoryCall, target: number): string {
  const query = new URLSearchParams(call.exchange.query);
  query.set('page', String(target));
  const rest = call.exchange.path.split('/').slice(4).join('/');
  return `${call.exchange.origin}/api/v3/repositories/${call.repository.id}/${rest}?${query.toString()}`;
}
