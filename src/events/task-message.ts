// The queue message, version 1: what a GitHub workflow or `enqueue` sends and the worker takes. Parsed here once, trusted afterwards.
import { z } from 'zod';
import { bodyMaxBytes, titleMaxChars } from './bounds.ts';
import { coded } from './failure.ts';

const byteLength = (text: string): number => Buffer.byteLength(text, 'utf8');

/** `owner/name` as GitHub allows it (managed users have `_`). A leading `-` is refused so that it can never be read as a command-line option. */
export const repositoryName = z
  .string()
  .max(140)
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*\/[A-Za-z0-9._][A-Za-z0-9._-]*$/, 'must be owner/name')
  .refine((name) => !/\/\.{1,2}$/.test(name), 'must be owner/name')
  .describe('The repository as owner/name, 140 characters at most.');

/** Logins are shown on GitHub again, so nothing else may stand in them. Apps have `[bot]` behind their name. */
const login = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9_-]+(?:\[bot\])?$/, 'must be a login');
const positive = z.int().positive();

const common = {
  version: z.literal(1).default(1).describe('Version of this format.'),
  issue_number: positive.describe('Number of the issue.'),
  repository: repositoryName,
  title: z
    .string()
    // GitHub and JSON Schema count an emoji as one character, a string's length as two.
    .refine((title) => title.trim() !== '', 'must not be blank')
    .refine((title) => Array.from(title).length <= titleMaxChars, `must be ${titleMaxChars} characters at most`)
    .meta({ maxLength: titleMaxChars })
    .transform((title) => title.replaceAll(/\p{Cc}+/gu, ' '))
    .describe(`Title of the issue, one line, ${titleMaxChars} characters at most.`),
  body: z
    .string()
    .nullish()
    // No program can be given a NUL, and no text means anything by it.
    .transform((body) => (body ?? '').replaceAll('\0', ''))
    .refine((body) => byteLength(body) <= bodyMaxBytes, `must be ${bodyMaxBytes} bytes at most`)
    .describe(`Text of the issue or comment, ${bodyMaxBytes} bytes of UTF-8 at most.`),
  labels: z.array(z.string().max(100)).max(100).default([]).describe('Labels of the issue.'),
  created_at: z.iso.datetime({ offset: true }).describe('When the trigger happened, ISO 8601.'),
  issue_author: login.optional().describe('Login of who opened the issue.'),
  delivery_id: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Names the trigger: two messages with the same one are one task.'),
};

const issueMessage = z.object({ type: z.literal('issue').default('issue'), ...common });

const commentMessage = z.object({
  type: z.literal('pr_comment'),
  ...common,
  pr_number: positive.describe('Number of the pull request.'),
  branch_name: z
    .string()
    .min(1)
    .max(244)
    .regex(/^[^-\s~^:?*[\\][^\s~^:?*[\\]*$/, 'must be a branch name')
    .refine((name) => !/\p{Cc}|\.\.|@\{|\/\/|^\/|[/.]$/u.test(name), 'must be a branch name')
    .describe('Head branch of the pull request.'),
  comment_id: positive.describe('Identifies the comment; processed once.'),
  comment_author: login.describe('Login of who commented.'),
});

/** Both kinds; a message without `type` is an issue. */
export const taskMessage = z.union([commentMessage, issueMessage]);
export type TaskMessage = z.infer<typeof taskMessage>;

/** Parses a message's text. Throws `CW-MESSAGE-INVALID` naming every field that is wrong. */
export function parseTaskMessage(text: string): TaskMessage {
  const value = parseJson(text);
  const kind = isRecord(value) && value['type'] === 'pr_comment' ? commentMessage : issueMessage;
  const result = kind.safeParse(value);
  if (result.success) return result.data;
  throw coded('CW-MESSAGE-INVALID', `The message is not a task: ${problems(result.error)}.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw coded('CW-MESSAGE-INVALID', 'The message is not JSON.', { cause });
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const problems = (error: z.ZodError): string =>
  error.issues.map((issue) => `${issue.path.join('.') || 'message'}: ${wordingOf(issue)}`).join('; ');

/** Zod speaks of types where a person would say that a field is not there. */
const wordingOf = ({ code, message }: z.core.$ZodIssue): string =>
  code === 'invalid_type' && message.endsWith('received undefined') ? 'is missing' : message;
