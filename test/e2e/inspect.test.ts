// The inspector: what a page sees of a real task, what it does not, and who is let in.
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { startInspector, type Inspector } from '../../src/cli/inspect/inspector.ts';
import { taskActors } from '../../src/machines/task-actors.ts';
import { openViewer, type Frame } from '../support/inspect/viewer.ts';
import { workerScene } from '../support/worker/worker-scene.ts';

const command = fileURLToPath(new URL('../../src/cli/inspect.ts', import.meta.url));

async function openInspector(): Promise<Inspector> {
  const inspector = await startInspector(0);
  onTestFinished(() => inspector.close());
  return inspector;
}

const isEnd = ({ snapshot }: Frame): boolean => snapshot?.value === 'published';

test('a page sees the machine, the services, the events and the states of a task from beginning to end', async () => {
  const scene = await workerScene();
  const inspector = await openInspector();
  const viewer = await openViewer(inspector.url);
  await scene.file({ title: 'Count the notes', body: 'In notes.js.' });
  await scene.workOneTask((mask) => ({ inspect: inspector.inspectWith(mask) }));
  await viewer.seen(isEnd);

  const frames = viewer.frames();
  const root = frames.find(({ type, parentId }) => type === '@xstate.actor' && parentId === undefined);
  expect(root?.name).toMatch(/^acme-notes-1-/);
  expect(Object.keys(JSON.parse(root?.definition ?? '{}').states)).toContain('testing-pass');
  const services = frames.filter(({ type, parentId }) => type === '@xstate.actor' && parentId === root?.sessionId);
  expect(services.map(({ name }) => name)).toEqual(['clone', 'generate', 'writeTests', 'verify', 'publish']);
  const ends = frames.filter(({ type, sessionId }) => type === '@xstate.event' && sessionId === root?.sessionId);
  expect(ends.map(({ event }) => event?.type)).toEqual(
    expect.arrayContaining(['xstate.done.actor.clone', 'xstate.done.actor.verify', 'xstate.done.actor.publish']),
  );
  const states = frames.filter(({ type, sessionId }) => type === '@xstate.snapshot' && sessionId === root?.sessionId);
  expect(new Set(states.map(({ snapshot }) => snapshot?.value))).toEqual(
    new Set(['cloning', 'generating', 'testing-pass', 'verifying', 'publishing', 'published']),
  );
  expect(frames.every(({ rootId }) => rootId === root?.sessionId)).toBe(true);
  expect(services.every(({ name }) => name !== undefined && name in taskActors)).toBe(true);
});

test('a page that is opened late is shown what it missed', async () => {
  const scene = await workerScene();
  const inspector = await openInspector();
  const early = await openViewer(inspector.url);
  await scene.file({ title: 'Count the notes', body: '' });
  await scene.workOneTask((mask) => ({ inspect: inspector.inspectWith(mask) }));
  await early.seen(isEnd);
  const late = await openViewer(inspector.url);
  await late.seen(isEnd);
  expect(late.texts).toEqual(early.texts);
});

test('no secret is in any frame, wherever the task carried it', async () => {
  const scene = await workerScene();
  const { github } = scene.world;
  const inspector = await openInspector();
  const viewer = await openViewer(inspector.url);
  await scene.file({ title: `Remove ${github.token}`, body: `It is ${github.token}, as in notes.js.` });
  await scene.workOneTask((mask) => ({ inspect: inspector.inspectWith(mask) }));
  await viewer.seen(isEnd);
  const all = viewer.texts.join('\n');
  expect(all).toContain('Remove [secret]');
  expect(all).not.toContain(github.token);
  expect(all).not.toContain(Buffer.from(github.token).toString('base64').slice(0, 40));
});

test('only the loopback address 127.0.0.1 listens', async () => {
  const inspector = await openInspector();
  const port = Number(new URL(inspector.url).port);
  const others = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  // 127.0.0.2 is this machine too: it answers if, and only if, the server listens on every interface.
  const places = ['127.0.0.2', ...others.map(({ address }) => address).filter((address) => address !== '127.0.0.1')];
  for (const host of places) expect({ host, answers: await canConnect(host, port) }).toEqual({ host, answers: false });
  expect(await canConnect('127.0.0.1', port)).toBe(true);
});

test('foreign pages and foreign names are refused, Stately’s page is not', async () => {
  const inspector = await openInspector();
  for (const origin of ['https://evil.example', 'http://127.0.0.1:1', 'https://stately.ai.evil.example', 'null']) {
    await expect(openViewer(inspector.url, origin)).rejects.toThrow('403');
  }
  await expect(openViewer(inspector.url, 'https://stately.ai')).resolves.toBeDefined();
  const { port } = new URL(inspector.url);
  expect(await statusFor(inspector.url, `evil.example:${port}`)).toBe(403);
  expect(await statusFor(inspector.url, `localhost:${port}`)).toBe(200);
});

test('the command tells the page, runs the worker, and ends by SIGINT with its page told', async () => {
  const scene = await workerScene();
  const child = execa('node', [command, '--port', '0'], {
    env: scene.environment,
    extendEnv: false,
    reject: false,
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const url = await urlIn(child.stdout);
  const viewer = await openViewer(url);
  child.kill('SIGINT');
  expect(await viewer.closed).toBe(1001);
  expect(await child).toMatchObject({ exitCode: 0, stderr: '' });
});

/** The page's address, once the worker is up and would stop when asked. */
function urlIn(output: Readable): Promise<string> {
  let text = '';
  return new Promise((resolve, reject) => {
    output.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const [url] = /http:\/\/127\.0\.0\.1:\d+\//.exec(text) ?? [];
      if (url !== undefined && text.includes('worker started')) resolve(url);
    });
    output.on('end', () => reject(new Error(`No page was named: ${text}`)));
  });
}

async function canConnect(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port, timeout: 5_000 });
  try {
    return await Promise.race([once(socket, 'connect').then(() => true), once(socket, 'timeout').then(() => false)]);
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function statusFor(url: string, host: string): Promise<number | undefined> {
  const asked = request(url, { headers: { host } }).end();
  // The answer is a response event's first argument.
  const [answer] = (await once(asked, 'response')) as [{ statusCode?: number; resume: () => void }];
  answer.resume();
  return answer.statusCode;
}
