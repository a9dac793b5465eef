// Markdown as GitHub shows it: rendered by a library, and cleaned by another, because anybody may have written it.
import { marked } from 'marked';
import sanitize from 'sanitize-html';

const allowed = {
  allowedTags: [...sanitize.defaults.allowedTags, 'details', 'summary', 'del', 'input', 'h1', 'h2'],
  allowedAttributes: {
    a: ['href', 'title'],
    code: ['class'],
    details: ['open'],
    input: ['type', 'checked', 'disabled'],
    td: ['align'],
    th: ['align'],
  },
  allowedSchemes: ['http', 'https', 'mailto'],
  // Only the boxes of task lists.
  exclusiveFilter: ({ tag, attribs }: sanitize.IFrame) => tag === 'input' && attribs['type'] !== 'checkbox',
};

/** HTML that is safe to put into a page. Line breaks count, as in GitHub's comments; HTML comments are gone. */
export const markdownToHtml = (text: string): string =>
  sanitize(marked.parse(text, { async: false, gfm: true, breaks: true }), allowed);

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it is, inside HTML or a quoted attribute. */
export const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (found) => entities[found] ?? found);
