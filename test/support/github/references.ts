// What a text would do on GitHub: which issues it closes when merged, whom it mentions. Code, quoted or not, and HTML comments do neither.

const code = /```[\s\S]*?(?:```|$)|~~~[\s\S]*?(?:~~~|$)|(`+)[^`][\s\S]*?\1|<!--[\s\S]*?(?:-->|$)/g;
const keyword = 'close[sd]?|fix(?:e[sd])?|resolve[sd]?';
const reference = '(?:https?:\\/\\/[^\\s/]+\\/)?([\\w.-]+\\/[\\w.-]+)?(?:#|\\/issues\\/)(\\d+)';
const closing = new RegExp(`(?<![\\w-])(?:${keyword}):?\\s+${reference}\\b`, 'gi');
const mention = /(?<![\w`@/.])@([a-z\d](?:[a-z\d-]{0,38}))(?![\w/])/gi;

/** Numbers of the repository's issues that a merged pull request with this body would close. */
export function closedIssues(body: string, fullName: string): number[] {
  const matches = [...body.replaceAll(code, ' ').matchAll(closing)];
  const own = matches.filter(([, other]) => other === undefined || other.toLowerCase() === fullName.toLowerCase());
  return [...new Set(own.map(([, , number]) => Number(number)))];
}

/** Logins that GitHub would notify. */
export function mentions(text: string): string[] {
  const found = [...text.replaceAll(code, ' ').matchAll(mention)].map(([, login]) => login ?? '');
  return [...new Set(found)];
}
