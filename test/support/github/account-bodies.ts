// Accounts as GitHub's REST answers describe them.
import type { components } from '@octokit/openapi-types';
import type { Account, Permission, Repository } from './state.ts';

type Schemas = components['schemas'];

/** An account as it appears inside other answers. */
export function simpleUser(account: Account, origin: string): Schemas['simple-user'] {
  const url = `${origin}/api/v3/users/${account.login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: `U_${account.id}`,
    avatar_url: `${origin}/avatars/${account.id}`,
    gravatar_id: '',
    url,
    html_url: `${origin}/${account.login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: 'User',
    site_admin: false,
    user_view_type: 'public',
  };
}

/** The account that a token belongs to. */
export function publicUser(account: Account, origin: string): Schemas['public-user'] {
  const since = '2020-01-01T00:00:00Z';
  return {
    ...simpleUser(account, origin),
    name: null,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: since,
    updated_at: since,
  };
}

export const permissionFlags = (permission: Permission) => ({
  admin: permission === 'admin',
  maintain: permission === 'admin',
  push: permission === 'admin' || permission === 'write',
  triage: permission === 'admin' || permission === 'write',
  pull: permission !== 'none',
});

/** How an author stands to a repository. */
export function association(account: Account, repository: Repository): Schemas['author-association'] {
  if (account.login.toLowerCase() === repository.owner.toLowerCase()) return 'OWNER';
  return account.permission === 'write' || account.permission === 'admin' ? 'COLLABORATOR' : 'NONE';
}
