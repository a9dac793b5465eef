// What a child process may see of the worker's environment: an allow-list, so that no GitHub, AWS or other secret reaches agent or tests.
import { delimiter, isAbsolute } from 'node:path';

const names = (list: string): string[] => list.split(' ');

const allowedNames = new Set(
  [
    // who and where
    names('HOME USER LOGNAME SHELL TMPDIR TMP TEMP TZ LANG LANGUAGE'),
    // how to reach the network
    names('HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY http_proxy https_proxy all_proxy no_proxy'),
    names('SSL_CERT_FILE SSL_CERT_DIR NODE_EXTRA_CA_CERTS REQUESTS_CA_BUNDLE CURL_CA_BUNDLE PIP_CERT GIT_SSL_CAINFO'),
    // where toolchains keep themselves and their caches
    names(
      'GOPATH GOROOT GOCACHE GOMODCACHE GOPROXY GOSUMDB GOTOOLCHAIN CARGO_HOME RUSTUP_HOME RUSTUP_TOOLCHAIN GOFLAGS',
    ),
    names('JAVA_HOME PYENV_ROOT NVM_DIR VOLTA_HOME UV_CACHE_DIR XDG_CACHE_HOME PIP_FIND_LINKS PIP_DEFAULT_TIMEOUT'),
    names('COREPACK_HOME PNPM_HOME BUN_INSTALL'),
  ].flat(),
);

/** The environment of a child: the allowed part of `from`, then `extra`, which wins. */
export function childEnvironment(
  extra: Readonly<Record<string, string>> = {},
  from: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(from)) {
    if (value !== undefined && (allowedNames.has(name) || name.startsWith('LC_'))) environment[name] = value;
  }
  if (from['PATH'] !== undefined) environment['PATH'] = ownPath(from['PATH']);
  return { ...environment, ...extra };
}

/**
 * PATH without what `npm run` put in front of it, so that a repository's tests do not find this project's Node or its tools and
 * pass by them; and without relative entries, by which a file of the repository could be taken for a tool.
 */
const ownPath = (path: string): string =>
  path
    .split(delimiter)
    .filter((entry) => isAbsolute(entry) && !isOfNpm(entry))
    .join(delimiter);

const isOfNpm = (entry: string): boolean => /[\\/]node_modules[\\/]\.bin[\\/]*$|[\\/]node-gyp-bin[\\/]*$/.test(entry);
