// Which new files are never committed whatever `.gitignore` forgot: dependencies and caches of tools, and what agents leave. Tracked files are not affected.

/** Names that nobody gives to source. `dist` and `build` are not among them: they may be wanted. */
const always = [
  'node_modules/',
  '.venv/',
  'venv/',
  '__pycache__/',
  '*.pyc',
  '*.egg-info/',
  '.pytest_cache/',
  '.mypy_cache/',
  '.ruff_cache/',
  '.tox/',
  '.nox/',
  '.gradle/',
  '.DS_Store',
  '.aider*',
];

/** Cargo and Maven build into `target`; elsewhere it may well be source. */
const buildsIntoTarget = /(^|\/)(Cargo\.toml|pom\.xml)$/;

/** Content of git's `info/exclude` for a repository with these tracked paths. */
export function excludesFor(trackedPaths: readonly string[]): string {
  const targets = trackedPaths.some((path) => buildsIntoTarget.test(path)) ? ['target/'] : [];
  return [...always, ...targets, ''].join('\n');
}
