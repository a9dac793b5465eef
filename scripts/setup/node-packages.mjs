// The Node packages of package-lock.json, installed by Node 24: npm leaves out native packages that do not fit the Node that runs it.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { mustRun, root, tools } from './system.mjs';

const packages = join(root, 'node_modules');
const stamp = join(packages, '.codingworker-setup');
const lockFile = join(root, 'package-lock.json');
const nodeMajor = 24;

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));
const readIfThere = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);
const lockDigest = () => createHash('sha256').update(readFileSync(lockFile)).digest('hex');

/** What npm says that it installed, against what it shall install: a plain `npm install` is as good as ours. */
function isInstalledByHand() {
  const hidden = join(packages, '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const installed = readJson(hidden).packages;
  return Object.entries(readJson(lockFile).packages)
    .filter(([path, entry]) => path !== '' && isForThisMachine(entry))
    .every(([path, entry]) => installed[path]?.version === entry.version);
}

/** Optional packages are there for one platform, which they name, or only for the sake of such a one. */
function isForThisMachine({ optional, os, cpu, libc }) {
  if (optional !== true) return true;
  if (os === undefined || !os.includes(process.platform)) return false;
  if (cpu !== undefined && !cpu.includes(process.arch)) return false;
  return libc === undefined || libc.includes(libcHere());
}

let knownLibc;

/** `glibc` or `musl`; asking Node takes a tenth of a second. */
function libcHere() {
  knownLibc ??= process.report.getReport().header.glibcVersionRuntime === undefined ? 'musl' : 'glibc';
  return knownLibc;
}

function missing() {
  const digest = lockDigest();
  if (readIfThere(stamp) === digest) return undefined;
  if (isInstalledByHand()) {
    writeFileSync(stamp, digest);
    return undefined;
  }
  return existsSync(packages)
    ? 'The Node packages in node_modules are not those of package-lock.json.'
    : 'The Node packages are not installed (node_modules).';
}

function install(say) {
  const env = environmentOfNode24(say);
  say('Installing the Node packages into node_modules …');
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  mustRun('Installing the Node packages', 'npm', args, { env });
  writeFileSync(stamp, lockDigest());
}

/** The environment in which `npm` is run by Node 24: this one, or one fetched for it. */
function environmentOfNode24(say) {
  if (Number(process.versions.node.split('.')[0]) >= nodeMajor) return process.env;
  const version = readJson(join(root, 'package.json')).devDependencies.node;
  const folder = join(tools, 'node');
  const bin = join(folder, 'node_modules', 'node', 'bin');
  const installed = join(folder, 'node_modules', 'node', 'package.json');
  if (!existsSync(join(bin, 'node')) || readJson(installed).version !== version) {
    say(`Installing Node ${version} into .tools/node (about 120 MB, once; this one is ${process.versions.node}) …`);
    mkdirSync(folder, { recursive: true });
    // npm 11 runs a package's install script only when it is allowed by name; npm 10 does not know the key.
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, allowScripts: { node: true } }));
    const args = ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
    mustRun(`Installing Node ${version}`, 'npm', [...args, `node@${version}`], { cwd: folder });
  }
  return { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
}

export const nodePart = { name: 'node', missing, install };
