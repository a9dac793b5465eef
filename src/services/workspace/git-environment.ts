// The environment in which git runs: nothing of the user's or the system's settings, no prompts, no hooks, and the token only where it is needed.
import { childEnvironment } from '../process/environment.ts';

export type Identity = { name: string; email: string };

export type Server = {
  /** `https://github.com`; a trailing slash makes no difference. */
  url: string;
  token: string;
};

/** What git would take from the user's files is fixed here, so that a command does the same on every machine. */
const settings: readonly (readonly [string, string])[] = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.excludesFile', '/dev/null'],
  ['core.attributesFile', '/dev/null'],
  ['core.quotePath', 'false'],
  ['core.logAllRefUpdates', 'false'],
  // A commit that the journal names must survive a power cut; git does not sync loose objects unless told to.
  ['core.fsync', 'objects,reference'],
  // Names that are `.git` on another file system are refused here too.
  ['core.protectHFS', 'true'],
  ['core.protectNTFS', 'true'],
  ['commit.gpgSign', 'false'],
  ['push.gpgSign', 'false'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['submodule.recurse', 'false'],
  ['fetch.recurseSubmodules', 'false'],
  ['push.recurseSubmodules', 'no'],
  ['init.defaultBranch', 'main'],
  ['credential.helper', ''],
  ['protocol.allow', 'never'],
];

/** For commands that stay on this machine. `home` is a folder without dot files: git's curl would read a `.netrc` there. */
export function localEnvironment(home: string, author: Identity): Record<string, string> {
  return withSettings(settings, home, author);
}

/** For commands that talk to the server: its scheme alone is allowed, and the token goes as a header to this server only. */
export function serverEnvironment(home: string, author: Identity, server: Server): Record<string, string> {
  const { protocol } = new URL(server.url);
  const basic = Buffer.from(`x-access-token:${server.token}`).toString('base64');
  return withSettings(
    [
      ...settings,
      [`protocol.${protocol.slice(0, -1)}.allow`, 'always'],
      [`http.${server.url.replace(/\/+$/, '')}/.extraHeader`, `Authorization: Basic ${basic}`],
    ],
    home,
    author,
  );
}

function withSettings(
  pairs: readonly (readonly [string, string])[],
  home: string,
  author: Identity,
): Record<string, string> {
  const environment = childEnvironment({
    HOME: home,
    XDG_CONFIG_HOME: home,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
    GIT_CONFIG_COUNT: String(pairs.length),
  });
  for (const [index, [key, value]] of pairs.entries()) {
    environment[`GIT_CONFIG_KEY_${index}`] = key;
    environment[`GIT_CONFIG_VALUE_${index}`] = value;
  }
  return environment;
}
