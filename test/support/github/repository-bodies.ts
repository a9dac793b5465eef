// A repository, its branches and its refs as GitHub's REST answers describe them.
import type { components } from '@octokit/openapi-types';
import { permissionFlags, simpleUser } from './account-bodies.ts';
import type { GitHubState, Permission, Repository } from './state.ts';

type Schemas = components['schemas'];

export const repositoryUrl = (repository: Repository, origin: string): string =>
  `${origin}/api/v3/repos/${repository.fullName}`;

type Asked = { state: GitHubState; origin: string; permission: Permission };

/** The whole repository; pull requests carry it too, twice. */
export function repositoryBody(
  repository: Repository,
  asked: Asked,
): Schemas['full-repository'] & Schemas['repository'] {
  const openIssues = [...repository.issues.values()].filter((issue) => issue.state === 'open').length;
  return {
    id: repository.id,
    node_id: `R_${repository.id}`,
    name: repository.name,
    full_name: repository.fullName,
    owner: simpleUser(asked.state.account(repository.owner), asked.origin),
    private: repository.private,
    visibility: repository.private ? 'private' : 'public',
    description: null,
    fork: false,
    ...addresses(repository, asked.origin),
    homepage: null,
    language: null,
    license: null,
    ...settings,
    default_branch: repository.defaultBranch,
    forks: 0,
    forks_count: 0,
    stargazers_count: 0,
    subscribers_count: 0,
    network_count: 0,
    watchers: 0,
    watchers_count: 0,
    size: 1,
    open_issues: openIssues,
    open_issues_count: openIssues,
    pushed_at: repository.createdAt,
    created_at: repository.createdAt,
    updated_at: repository.createdAt,
    permissions: permissionFlags(asked.permission),
  };
}

const settings = {
  has_issues: true,
  has_projects: true,
  has_wiki: true,
  has_pages: false,
  has_downloads: true,
  has_discussions: false,
  archived: false,
  disabled: false,
};

function addresses(repository: Repository, origin: string) {
  const url = repositoryUrl(repository, origin);
  const html = `${origin}/${repository.fullName}`;
  return {
    url,
    html_url: html,
    clone_url: `${html}.git`,
    git_url: `${html}.git`,
    ssh_url: `git@127.0.0.1:${repository.fullName}.git`,
    svn_url: html,
    mirror_url: null,
    archive_url: `${url}/{archive_format}{/ref}`,
    assignees_url: `${url}/assignees{/user}`,
    blobs_url: `${url}/git/blobs{/sha}`,
    branches_url: `${url}/branches{/branch}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    comments_url: `${url}/comments{/number}`,
    commits_url: `${url}/commits{/sha}`,
    compare_url: `${url}/compare/{base}...{head}`,
    contents_url: `${url}/contents/{+path}`,
    contributors_url: `${url}/contributors`,
    deployments_url: `${url}/deployments`,
    downloads_url: `${url}/downloads`,
    events_url: `${url}/events`,
    forks_url: `${url}/forks`,
    git_commits_url: `${url}/git/commits{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    hooks_url: `${url}/hooks`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    issue_events_url: `${url}/issues/events{/number}`,
    issues_url: `${url}/issues{/number}`,
    keys_url: `${url}/keys{/key_id}`,
    labels_url: `${url}/labels{/name}`,
    languages_url: `${url}/languages`,
    merges_url: `${url}/merges`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    pulls_url: `${url}/pulls{/number}`,
    releases_url: `${url}/releases{/id}`,
    stargazers_url: `${url}/stargazers`,
    statuses_url: `${url}/statuses/{sha}`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    tags_url: `${url}/tags`,
    teams_url: `${url}/teams`,
    trees_url: `${url}/git/trees{/sha}`,
  };
}

export function branchBody(
  repository: Repository,
  branch: string,
  commit: string,
  origin: string,
): Schemas['short-branch'] {
  const url = `${repositoryUrl(repository, origin)}/commits/${commit}`;
  return { name: branch, commit: { sha: commit, url }, protected: false };
}

export function refBody(repository: Repository, branch: string, commit: string, origin: string): Schemas['git-ref'] {
  const url = repositoryUrl(repository, origin);
  return {
    ref: `refs/heads/${branch}`,
    node_id: `REF_${repository.id}_${branch}`,
    url: `${url}/git/refs/heads/${branch}`,
    object: { type: 'commit', sha: commit, url: `${url}/git/commits/${commit}` },
  };
}
