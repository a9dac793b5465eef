// A stage for workspace tests: the GitHub stand-in with one repository, a temporary root, and the git workspace between them.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { CodedError } from '../../../src/events/failure.ts';
import { gitWorkspace, type GitWorkspaceOptions } from '../../../src/services/workspace/git-workspace.ts';
import type { Workspace, WorkspaceKey } from '../../../src/services/workspace/workspace.ts';
import { isolatedGitEnvironment, type Files } from '../github/bare-repository.ts';
import { startGitHub, type GitHub } from '../github/github.ts';

export const author = { name: 'Coding Worker', email: 'worker@example.org' };
export const repository = 'acme/shop';
export const canary = 'ghp_canaryTokenThatMustNeverBeSeen000000';
/** The form in which it goes over the wire. */
export const canaryHeader = Buffer.from(`x-access-token:${canary}`).toString('base64');

export type Scene = {
  github: GitHub;
  root: string;
  workspace: Workspace;
  key: WorkspaceKey;
  signal: AbortSignal;
  /** Another workspace on the same root. */
  withOptions: (options: Partial<GitWorkspaceOptions>) => Workspace;
};

type SceneFacts = { files?: Files; defaultBranch?: string; empty?: boolean };

/** Everything it starts ends with the test. */
export async function workspaceScene(facts: SceneFacts = {}): Promise<Scene> {
  const github = await startGitHub({ token: canary });
  onTestFinished(() => github.close());
  const root = await temporaryFolder();
  await github.createRepository({ fullName: repository, ...facts });
  // The mask of the caller hides nothing here: what stays hidden is the workspace's own doing.
  const options = { root, serverUrl: github.url, token: canary, author, mask: (text: string) => text };
  return {
    github,
    root,
    workspace: gitWorkspace(options),
    key: { taskId: 'acme-shop-7-0123456789', repository, branch: 'ai/issue-7' },
    signal: new AbortController().signal,
    withOptions: (more) => gitWorkspace({ ...options, ...more }),
  };
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'workspace-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A commit's message as the worker writes it. */
export const workerMessage = (subject: string): string => `${subject}\n\nCodingWorker-Task: acme-shop-7-0123456789\n`;

/** Git for the test's own eyes, with nobody's settings. */
export async function git(directory: string, ...args: string[]): Promise<string> {
  const { stdout } = await execa('git', args, { cwd: directory, env: isolatedGitEnvironment, extendEnv: false });
  return stdout;
}

/** The coded error that a call must end with. */
export async function failureIn(call: Promise<unknown>): Promise<CodedError> {
  const error = await rejectionOf(call);
  if (error instanceof CodedError) return error;
  throw new Error(`Expected a coded failure, got ${inspect(error)}`);
}

/** What a call is rejected with; waited for from now on, so that the test may do something in between. */
export const rejectionOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );

/** Everything that an error may show to anybody, causes and stacks included. */
export const allTextOf = (error: unknown): string => inspect(error, { depth: 20, showHidden: true });

/** Files below a folder, links not followed, whose bytes hold one of the texts. */
export async function filesWith(folder: string, texts: readonly string[]): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const contents = await Promise.all(files.map((file) => readFile(file)));
  return files.filter((_, index) => texts.some((text) => contents[index]?.includes(text)));
}

/** Command lines of the machine's processes that mention `text`. */
export async function processesWith(text: string): Promise<string[]> {
  const { stdout } = await execa('ps', ['-eww', '-o', 'args=']);
  return stdout.split('\n').filter((line) => line.includes(text));
}
