// GET of the viewer, repositories, branches, refs, permissions; deletion of a branch.
import { permissionFlags, publicUser, simpleUser } from './account-bodies.ts';
import { branchesOf, deleteBranch } from './bare-repository.ts';
import type { JsonReply, Call, RepositoryCall } from './exchange.ts';
import { page } from './pagination.ts';
import { emptyGitRepository, notAccessible, notFound, unprocessable } from './problem.ts';
import { branchBody, refBody, repositoryBody } from './repository-bodies.ts';

export const getViewer = (call: Call): JsonReply => ({
  status: 200,
  json: publicUser(call.viewer, call.exchange.origin),
});

export function getUser(call: Call): JsonReply {
  const account = call.state.accounts.get((call.params['login'] ?? '').toLowerCase());
  if (account === undefined) throw notFound();
  return { status: 200, json: publicUser(account, call.exchange.origin) };
}

export function getRepository(call: RepositoryCall): JsonReply {
  const { state, permission } = call;
  return { status: 200, json: repositoryBody(call.repository, { state, permission, origin: call.exchange.origin }) };
}

export async function listBranches(call: RepositoryCall): Promise<JsonReply> {
  const branches = [...(await branchesOf(call.repository.directory))];
  return page(call, branches, ([name, commit]) => branchBody(call.repository, name, commit, call.exchange.origin));
}

export async function getBranch(call: RepositoryCall): Promise<JsonReply> {
  const name = call.params['branch'] ?? '';
  const commit = (await branchesOf(call.repository.directory)).get(name);
  if (commit === undefined) throw notFound('Branch not found');
  return { status: 200, json: branchBody(call.repository, name, commit, call.exchange.origin) };
}

export async function getRef(call: RepositoryCall): Promise<JsonReply> {
  const branches = await branchesOf(call.repository.directory);
  if (branches.size === 0) throw emptyGitRepository();
  const name = call.params['branch'] ?? '';
  const commit = branches.get(name);
  if (commit === undefined) throw notFound();
  return { status: 200, json: refBody(call.repository, name, commit, call.exchange.origin) };
}

export async function listMatchingRefs(call: RepositoryCall): Promise<JsonReply> {
  const branches = [...(await branchesOf(call.repository.directory))];
  const matching = branches.filter(([name]) => name.startsWith(call.params['branch'] ?? ''));
  return page(call, matching, ([name, commit]) => refBody(call.repository, name, commit, call.exchange.origin));
}

export async function deleteRef(call: RepositoryCall): Promise<JsonReply> {
  const name = call.params['branch'] ?? '';
  if (!(await branchesOf(call.repository.directory)).has(name)) throw unprocessable('Reference does not exist');
  await deleteBranch(call.repository.directory, name);
  return { status: 204 };
}

/** What a user may do. Only who may push is told, as on GitHub. */
export function getPermission(call: RepositoryCall): JsonReply {
  if (!permissionFlags(call.permission).push) throw notAccessible();
  const login = call.params['login'] ?? '';
  const account = call.state.accounts.get(login.toLowerCase());
  if (account === undefined) throw notFound(`${login} is not a user`);
  const permissions = permissionFlags(account.permission);
  const user = { ...simpleUser(account, call.exchange.origin), permissions, role_name: account.permission };
  return { status: 200, json: { permission: account.permission, role_name: account.permission, user } };
}
