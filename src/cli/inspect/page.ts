// The page to open: what each task is doing, and below it Stately's inspector in a frame, which is handed every event.
import { createHash } from 'node:crypto';
import { statelyOrigin } from './admission.ts';

const style = `
  html, body { height: 100%; margin: 0; font: 14px system-ui, sans-serif; }
  body { display: flex; flex-direction: column; }
  p { margin: 0; padding: 6px 12px; background: #15151d; color: #ddd; }
  iframe { flex: 1; border: 0; }
`;

/** Stately's page says when it is ready, from whatever place on its site it was sent to; until then the events wait. */
const script = `
  const frame = document.querySelector('iframe');
  const status = document.querySelector('p');
  const tasks = new Map();
  const waiting = [];
  let origin;
  let socket = 'connecting';

  const show = () => {
    const states = [...tasks.values()].slice(-5).map(({ name, state }) => name + ': ' + state);
    const drawing = origin === undefined ? 'waiting for stately.ai (it needs the internet)' : 'drawn by stately.ai';
    status.textContent = [socket, drawing, ...states].join(' · ');
  };

  const note = (event) => {
    if (event.type === '@xstate.actor' && !event.parentId) tasks.set(event.sessionId, { name: event.name, state: '…' });
    const task = tasks.get(event.sessionId);
    if (task && typeof event.snapshot?.value === 'string') task.state = event.snapshot.value;
  };

  addEventListener('message', ({ source, origin: from, data }) => {
    const isStately = from === '${statelyOrigin}' || (from.startsWith('https://') && from.endsWith('.stately.ai'));
    if (source !== frame.contentWindow || !isStately || data?.type !== '@statelyai.connected') return;
    origin = from;
    for (const event of waiting.splice(0)) frame.contentWindow.postMessage(event, origin);
    show();
  });

  const worker = new WebSocket('ws://' + location.host);
  worker.onopen = () => { socket = 'connected to the worker'; show(); };
  worker.onclose = () => { socket = 'the worker has ended'; show(); };
  worker.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    note(event);
    if (origin === undefined) waiting.push(event);
    else frame.contentWindow.postMessage(event, origin);
    show();
  };
  show();
`;

export const pageOf = (): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>CodingWorker inspector</title>
<style>${style}</style>
<p></p>
<iframe src="${statelyOrigin}/inspect" sandbox="allow-scripts allow-same-origin allow-forms allow-popups"></iframe>
<script>${script}</script>
</html>
`;

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The page runs its own script, shows Stately's site, connects to `host`, and does nothing else. */
export const pageHeaders = (host: string): Record<string, string> => ({
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'content-security-policy': [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    `frame-src ${statelyOrigin} https://*.stately.ai`,
    `connect-src ws://${host}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; '),
});
