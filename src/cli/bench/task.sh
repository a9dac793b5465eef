#!/usr/bin/env bash
# The job of one task, as plainly as it can be written: clone, edit, verify, commit, push, pull request, label.
# Takes SERVER_URL, API_URL, TOKEN, REPOSITORY, ISSUE and EDITS (a folder with `implement` and `tests`) from the environment.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
branch="ai/issue-$ISSUE"

# By environment, as in the worker: in an argument everybody on the machine could read it.
export GIT_CONFIG_COUNT=1
export GIT_CONFIG_KEY_0="http.$SERVER_URL/.extraHeader"
GIT_CONFIG_VALUE_0="Authorization: Basic $(printf 'x-access-token:%s' "$TOKEN" | base64 | tr -d '\n')"
export GIT_CONFIG_VALUE_0

post() { # path, JSON
  curl --silent --show-error --fail-with-body --config <(printf 'header = "Authorization: Bearer %s"\n' "$TOKEN") \
    --header 'Accept: application/vnd.github+json' --header 'Content-Type: application/json' \
    --data "$2" --output /dev/null "$API_URL/repos/$REPOSITORY/$1"
}

git clone --quiet --depth 1 "$SERVER_URL/$REPOSITORY.git" "$folder/repository"
cd "$folder/repository"
base=$(git symbolic-ref --short HEAD)
git switch --quiet --create "$branch"

cp -R "$EDITS/implement/." .
git add --all
git commit --quiet --message "Implement #$ISSUE"
cp -R "$EDITS/tests/." .
git add --all
git commit --quiet --message "Add tests for #$ISSUE"

npm ci --no-audit --no-fund
npm run build
npm run lint
npm run test

git push --quiet origin "$branch"
post pulls "{\"title\":\"Greet by name (#$ISSUE)\",\"head\":\"$branch\",\"base\":\"$base\",\"body\":\"Closes #$ISSUE\"}"
post "issues/$ISSUE/labels" '{"labels":["ai-task-done"]}'
