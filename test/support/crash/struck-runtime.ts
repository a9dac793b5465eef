// The shipped worker's ports, each call that changes the world between two points. Nothing else is different.
import { basename, relative } from 'node:path';
import type { Disk, DiskFile } from '../../../src/services/disk/disk.ts';
import type { Queue } from '../../../src/services/queue/queue.ts';
import type { Workspace } from '../../../src/services/workspace/workspace.ts';
import type { Runtime } from '../../../src/worker/runtime.ts';
import { StateDirectory } from '../../../src/worker/state-directory.ts';
import type { Around } from './points.ts';

export function struckRuntime(runtime: Runtime, around: Around): Runtime {
  const { state, queue, workspace, agent, verifier, clock } = runtime;
  return {
    ...runtime,
    state: new StateDirectory(state.root, {
      disk: struckDisk(state.disk, state.root, around),
      now: () => clock.now(),
    }),
    queue: struckQueue(queue, around),
    workspace: struckWorkspace(workspace, around),
    agent: { ...agent, run: (...call) => around('agent.run', () => agent.run(...call)) },
    verifier: { verify: (...call) => around('verifier.verify', () => verifier.verify(...call)) },
  };
}

/** Requests that write at the forge are struck one by one: a call of the port may send several. */
export function strikeRequests(apiUrl: string, around: Around): void {
  const ask = globalThis.fetch;
  globalThis.fetch = (target, init) => {
    const url = target instanceof Request ? target.url : String(target);
    const method = init?.method ?? 'GET';
    if (method === 'GET' || !url.startsWith(apiUrl)) return ask(target, init);
    const place = url.slice(apiUrl.length).replace(/^\/repos\/[^/]+\/[^/]+/, '');
    return around(`${method} ${place.replaceAll(/\d+/g, 'N')}`, () => ask(target, init));
  };
}

function struckQueue(queue: Queue, around: Around): Queue {
  return {
    receive: (...call) => around('queue.receive', () => queue.receive(...call)),
    extend: (...call) => around('queue.extend', () => queue.extend(...call)),
    delete: (...call) => around('queue.delete', () => queue.delete(...call)),
    park: (...call) => around('queue.park', () => queue.park(...call)),
    send: (...call) => around('queue.send', () => queue.send(...call)),
  };
}

function struckWorkspace(workspace: Workspace, around: Around): Workspace {
  return {
    clone: (...call) => around('workspace.clone', () => workspace.clone(...call)),
    checkout: (...call) => around('workspace.checkout', () => workspace.checkout(...call)),
    checkoutBeside: (...call) => around(`workspace.checkoutBeside ${call[1]}`, () => workspace.checkoutBeside(...call)),
    commit: (...call) => around('workspace.commit', () => workspace.commit(...call)),
    bundle: (...call) => around('workspace.bundle', () => workspace.bundle(...call)),
    restore: (...call) => around('workspace.restore', () => workspace.restore(...call)),
    push: (...call) => around('workspace.push', () => workspace.push(...call)),
    deleteRemoteBranch: (...call) =>
      around('workspace.deleteRemoteBranch', () => workspace.deleteRemoteBranch(...call)),
    dispose: (...call) => around('workspace.dispose', () => workspace.dispose(...call)),
  };
}

function struckDisk(disk: Disk, root: string, around: Around): Disk {
  const name = (path: string): string => nameless(relative(root, path));
  const file = async (path: string, opened: Promise<DiskFile>): Promise<DiskFile> =>
    struckFile(await opened, name(path), around);
  return {
    ...disk,
    create: (path) =>
      file(
        path,
        around(`create ${name(path)}`, () => disk.create(path)),
      ),
    open: (path) => file(path, disk.open(path)),
    makeFolder: (path) => around(`make ${name(path)}`, () => disk.makeFolder(path)),
    rename: (from, to) => around(`move ${name(from)} to ${name(to)}`, () => disk.rename(from, to)),
    remove: (path) => around(`remove ${name(path)}`, () => disk.remove(path)),
    syncFolder: (path) => around(`sync ${name(path)}`, () => disk.syncFolder(path)),
  };
}

/** A journal's writes are named after the records that they append. */
function struckFile(file: DiskFile, name: string, around: Around): DiskFile {
  let what = basename(name);
  return {
    ...file,
    write(bytes, position) {
      const types = [...bytes.toString('utf8').matchAll(/^\{"crc":"[0-9a-f]{8}",.*?"type":"([a-z.]+)"/gm)];
      if (types.length > 0) what = types.map(([, type]) => type).join(' and ');
      return around(`write ${what}`, () => file.write(bytes, position));
    },
    truncate: (size) => around(`truncate ${what}`, () => file.truncate(size)),
    sync: () => around(`sync ${what}`, () => file.sync()),
    datasync: () => around(`sync ${what}`, () => file.datasync()),
  };
}

/** Without what is another one in each run. */
const nameless = (path: string): string =>
  path
    .replaceAll(/[a-z0-9-]+-\d+-[0-9a-f]{10}/g, 'TASK')
    .replaceAll(/\d{4}-\d{2}(?=$|\/)/g, 'MONTH')
    .replace(/\.\d+\.tmp$/, '.tmp');
