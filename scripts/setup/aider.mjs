// Aider with all of its dependencies, pinned by version and digest, in a Python environment of its own under .tools/aider.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { howToInstall, mustRun, root, runs, SetupFailure, tools } from './system.mjs';

const folder = join(tools, 'aider');
const python = join(folder, 'bin', 'python');
const program = join(folder, 'bin', 'aider');
const stamp = join(folder, '.codingworker-setup');
const requirements = join(root, 'scripts', 'aider', 'requirements.txt');
const wanted = readFileSync(join(root, 'scripts', 'aider', 'requirements.in'), 'utf8');
const version = /^aider-chat==(\S+)/m.exec(wanted)[1];

/** Aider 0.86 needs Python 3.10 to 3.12. */
const pythonRange = '>=3.10,<3.13';
const pythonNames = ['python3.12', 'python3.11', 'python3.10', 'python3'];

/** A Python environment cannot be moved: its programs name their folder. So the folder is part of what it is. */
const digest = () => createHash('sha256').update(readFileSync(requirements)).update(folder).digest('hex');

function missing() {
  // The environment's Python is a link, and leads nowhere once the system's Python was upgraded.
  const isWhole = existsSync(python) && existsSync(program) && existsSync(stamp);
  if (isWhole && readFileSync(stamp, 'utf8') === digest()) return undefined;
  return `Aider ${version} is not installed (.tools/aider).`;
}

function install(say) {
  const makers = [...uvMaker(), ...pythonMaker()];
  if (makers.length === 0) throw new SetupFailure(pythonMissing());
  say(`Installing Aider ${version} into .tools/aider (about 550 MB, once) …`);
  let problem;
  for (const make of makers) {
    // What an earlier, killed set-up left is not worth trusting.
    rmSync(folder, { recursive: true, force: true });
    try {
      make();
      mustRun('Starting Aider', program, ['--version'], { cwd: tools });
      writeFileSync(stamp, digest());
      return;
    } catch (error) {
      if (!(error instanceof SetupFailure)) throw error;
      problem = error;
    }
  }
  throw problem;
}

/** uv is much faster, and fetches a Python of its own when the system has none that fits. */
function uvMaker() {
  if (!runs('uv', ['--version'])) return [];
  const pip = ['pip', 'install', '--quiet', '--python', python, '--require-hashes', '--requirement', requirements];
  return [
    () => {
      mustRun('Making a Python environment', 'uv', ['venv', '--quiet', '--python', pythonRange, folder]);
      mustRun('Installing Aider', 'uv', pip);
    },
  ];
}

function pythonMaker() {
  const name = pythonNames.find(hasRightVersion);
  if (name === undefined || !hasVenv(name)) return [];
  const quiet = ['--quiet', '--no-input', '--no-compile', '--disable-pip-version-check'];
  return [
    () => {
      mustRun('Making a Python environment', name, ['-m', 'venv', folder]);
      mustRun('Installing Aider', python, ['-m', 'pip', 'install', ...quiet, '--require-hashes', '-r', requirements]);
    },
  ];
}

/** Asked by running it: a name on PATH may be a version manager's shim for a Python that is not there. */
function hasRightVersion(name) {
  return runs(name, ['-c', 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 12))']);
}

/** Debian leaves both out of its Python and puts them into a package of their own. */
const hasVenv = (name) => runs(name, ['-c', 'import venv, ensurepip']);

function pythonMissing() {
  const name = pythonNames.find(hasRightVersion);
  if (name === undefined) {
    const command = howToInstall({ apt: 'python3 python3-venv', brew: 'python@3.12', other: 'python3' });
    return `Python 3.10, 3.11 or 3.12 (or uv) is missing; this installs it: ${command}`;
  }
  const asked = spawnSync(name, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], { encoding: 'utf8' });
  const own = `python${asked.stdout.trim()}-venv`;
  const command = howToInstall({ apt: own, brew: 'python@3.12', other: own });
  return `${name} cannot make environments (its venv module is missing); this installs it: ${command}`;
}

export const aiderPart = { name: 'aider', missing, install };
