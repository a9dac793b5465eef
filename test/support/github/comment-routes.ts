// Comments on issues and pull requests, and reactions to both.
import { z } from 'zod';
import { permissionFlags } from './account-bodies.ts';
import { jsonBody, numberParam, type JsonReply, type RepositoryCall } from './exchange.ts';
import { commentBody, reactionBody, reactionContents, type ReactionContent } from './issue-bodies.ts';
import { checkText, issueOf, placeOf } from './issue-routes.ts';
import { page } from './pagination.ts';
import { invalid, notAccessible, notFound } from './problem.ts';
import { timestamp, type StoredComment, type StoredReaction } from './state.ts';

function commentOf(call: RepositoryCall): StoredComment {
  const id = numberParam(call, 'id');
  const comment = call.repository.comments.find((candidate) => candidate.id === id);
  if (comment === undefined) throw notFound();
  return comment;
}

export function listComments(call: RepositoryCall): Promise<JsonReply> {
  const issue = issueOf(call);
  const since = call.exchange.query.get('since') ?? '';
  const comments = call.repository.comments
    .filter((comment) => comment.issueNumber === issue.number)
    .filter((comment) => comment.updatedAt >= since);
  return page(call, comments, (comment) => commentBody(comment, placeOf(call)));
}

export function getComment(call: RepositoryCall): JsonReply {
  return { status: 200, json: commentBody(commentOf(call), placeOf(call)) };
}

const commentText = z.looseObject({ body: z.string().optional() });

function textOf(call: RepositoryCall): string {
  const { body } = jsonBody(call, commentText);
  if (body === undefined || body.trim() === '') {
    throw invalid({ resource: 'IssueComment', field: 'body', code: 'missing_field' });
  }
  checkText('IssueComment', undefined, body);
  return body;
}

export function createComment(call: RepositoryCall): JsonReply {
  const issue = issueOf(call);
  const comment = call.state.addComment(call.repository, issue.number, call.viewer.login, textOf(call));
  return { status: 201, json: commentBody(comment, placeOf(call)) };
}

/** Somebody else's comment may be edited by who may push, as on GitHub. */
export function updateComment(call: RepositoryCall): JsonReply {
  const comment = commentOf(call);
  mayChange(call, comment);
  comment.body = textOf(call);
  comment.updatedAt = timestamp();
  return { status: 200, json: commentBody(comment, placeOf(call)) };
}

export function deleteComment(call: RepositoryCall): JsonReply {
  const comment = commentOf(call);
  mayChange(call, comment);
  call.repository.comments.splice(call.repository.comments.indexOf(comment), 1);
  return { status: 204 };
}

function mayChange(call: RepositoryCall, comment: StoredComment): void {
  if (comment.author !== call.viewer.login && !permissionFlags(call.permission).push) throw notAccessible();
}

export const reactToComment = (call: RepositoryCall): JsonReply => react(call, commentOf(call).reactions);
export const reactToIssue = (call: RepositoryCall): JsonReply => react(call, issueOf(call).reactions);

const reactionWish = z.looseObject({ content: z.string().optional() });

/** 201 for a new reaction, 200 for one that this user gave before. */
function react(call: RepositoryCall, reactions: StoredReaction[]): JsonReply {
  const wish = jsonBody(call, reactionWish);
  const content: ReactionContent | undefined = reactionContents.find((known) => known === wish.content);
  if (content === undefined) throw invalid({ resource: 'Reaction', field: 'content', code: 'invalid' });
  const author = call.viewer.login;
  const known = reactions.find((reaction) => reaction.author === author && reaction.content === content);
  const reaction = known ?? { id: call.state.nextId(), content, author, createdAt: timestamp() };
  if (known === undefined) reactions.push(reaction);
  return { status: known === undefined ? 201 : 200, json: reactionBody(reaction, content, placeOf(call)) };
}
