// Labels of a repository and of its issues. Adding one that does not exist creates it, as on GitHub.
import { z } from 'zod';
import { jsonBody, type JsonReply, type RepositoryCall } from './exchange.ts';
import { labelBody } from './issue-bodies.ts';
import { issueOf, lengthOf, placeOf } from './issue-routes.ts';
import { page } from './pagination.ts';
import { invalid, notFound } from './problem.ts';
import { timestamp, type StoredIssue } from './state.ts';

const labelMaxChars = 50;

export function listRepositoryLabels(call: RepositoryCall): Promise<JsonReply> {
  return page(call, call.repository.labels, (label) => labelBody(label.name, placeOf(call)));
}

export function listLabels(call: RepositoryCall): Promise<JsonReply> {
  return page(call, issueOf(call).labels, (name) => labelBody(name, placeOf(call)));
}

const label = z.union([z.string(), z.looseObject({ name: z.string() }).transform(({ name }) => name)]);
const labelList = z.union([
  z.array(label),
  z.looseObject({ labels: z.array(label) }).transform(({ labels }) => labels),
]);

function namesIn(call: RepositoryCall): string[] {
  const names = jsonBody(call, labelList);
  for (const name of names) {
    if (name.trim() === '') throw invalid({ resource: 'Label', field: 'name', code: 'missing_field' });
    if (lengthOf(name) > labelMaxChars) {
      const message = `name is too long (maximum is ${labelMaxChars} characters)`;
      throw invalid({ resource: 'Label', field: 'name', code: 'custom', message });
    }
  }
  return names.map((name) => call.state.label(call.repository, name).name);
}

const answer = (call: RepositoryCall, issue: StoredIssue): JsonReply => ({
  status: 200,
  json: issue.labels.map((name) => labelBody(name, placeOf(call))),
});

export function addLabels(call: RepositoryCall): JsonReply {
  const issue = issueOf(call);
  issue.labels = [...new Set([...issue.labels, ...namesIn(call)])];
  issue.updatedAt = timestamp();
  return answer(call, issue);
}

export function setLabels(call: RepositoryCall): JsonReply {
  const issue = issueOf(call);
  issue.labels = [...new Set(namesIn(call))];
  issue.updatedAt = timestamp();
  return answer(call, issue);
}

export function removeLabel(call: RepositoryCall): JsonReply {
  const issue = issueOf(call);
  const wanted = (call.params['name'] ?? '').toLowerCase();
  if (!issue.labels.some((name) => name.toLowerCase() === wanted)) throw notFound('Label does not exist');
  issue.labels = issue.labels.filter((name) => name.toLowerCase() !== wanted);
  issue.updatedAt = timestamp();
  return answer(call, issue);
}
