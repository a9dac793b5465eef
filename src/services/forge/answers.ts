// The parts of GitHub's answers that are read, parsed at the edge (shapes: docs.github.com/rest, API version 2022-11-28).
import { z } from 'zod';
import type { Issue, IssueComment, PullRequest } from './forge.ts';

// A deleted account's texts belong to nobody; GitHub shows them as of `ghost`.
const author = z.looseObject({ id: z.number(), login: z.string() }).nullable();
const label = z.union([z.string(), z.looseObject({ name: z.string() }).transform(({ name }) => name)]);

export const viewerAnswer = z.looseObject({ id: z.number(), login: z.string() });

export const issueAnswer = z
  .looseObject({
    number: z.number(),
    title: z.string(),
    body: z.string().nullish(),
    labels: z.array(label),
    user: author,
    state: z.enum(['open', 'closed']),
    created_at: z.string(),
    pull_request: z.looseObject({}).optional(),
  })
  .transform((issue): Issue => ({
    number: issue.number,
    title: issue.title,
    body: issue.body ?? '',
    labels: issue.labels,
    author: issue.user?.login ?? 'ghost',
    state: issue.state,
    isPullRequest: issue.pull_request !== undefined,
    createdAt: issue.created_at,
  }));

export const labelsAnswer = z.array(label);

/** A pull request with what is compared before it is used. */
export type PullRequestFound = PullRequest & { title: string; headRepository: string };

export const pullAnswer = z
  .looseObject({
    number: z.number(),
    html_url: z.string(),
    title: z.string(),
    body: z.string().nullish(),
    state: z.enum(['open', 'closed']),
    merged_at: z.string().nullish(),
    // The repository of a head is null when its fork was deleted.
    head: z.looseObject({
      ref: z.string(),
      sha: z.string(),
      repo: z.looseObject({ full_name: z.string() }).nullable(),
    }),
  })
  .transform((pull): PullRequestFound => ({
    number: pull.number,
    url: pull.html_url,
    title: pull.title,
    body: pull.body ?? '',
    state: typeof pull.merged_at === 'string' ? 'merged' : pull.state,
    headBranch: pull.head.ref,
    headCommit: pull.head.sha,
    headRepository: pull.head.repo?.full_name ?? '',
  }));

export const pullsAnswer = z.array(pullAnswer);

export type CommentFound = IssueComment & { body: string; authorId: number | undefined };

export const commentAnswer = z
  .looseObject({ id: z.number(), html_url: z.string(), body: z.string().nullish(), user: author })
  .transform((comment): CommentFound => ({
    id: comment.id,
    url: comment.html_url,
    body: comment.body ?? '',
    authorId: comment.user?.id,
  }));

export const commentsAnswer = z.array(commentAnswer);
