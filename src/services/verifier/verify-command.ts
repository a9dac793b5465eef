// A command of a verification as the detectors plan it: plain data, so that a plan can be tested without running anything.
import type { VerifyStepKind } from '../../events/outcomes.ts';
import type { TestRunner } from './no-tests.ts';

/** Absolute paths of the two clean checkouts. What is run is decided by `base`; `head` only says what there is to install and where. */
export type Checkouts = { base: string; head: string };

/** What must be on the machine for a command. */
export type Tool = {
  name: string;
  /** How a person gets it, as a sentence. */
  get: string;
  /** Run first: unless it exits with 0, the tool is missing. Without it, the tool is missing when the program is not found. */
  check?: { program: string; args: readonly string[] };
  /** True when the command is left out without the tool, as if the repository did not offer it. */
  optional?: true;
};

export type VerifyCommand = {
  kind: VerifyStepKind;
  /** Name on the PATH, or absolute path. */
  program: string;
  args: readonly string[];
  /** As a person would type it. */
  display: string;
  tool: Tool;
  /** Why it must not be run: the step then fails with this text as its output. */
  refusal?: string;
  /** Absolute path that is removed first, with all in it. */
  removeFirst?: string;
  /** Folder that comes first on the PATH, as an activated virtual environment does. */
  pathFolder?: string;
  /** Whose way of saying that there was nothing to test, or for make nothing to do, to look for. */
  runner?: TestRunner;
};

/** The commands that one kind of project offers; none when the base is not of that kind. */
export type Detector = (checkouts: Checkouts) => Promise<VerifyCommand[]>;
