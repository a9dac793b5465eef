// Looks at the inspector as its page does: a WebSocket to the page's own address, no subprotocol, nothing said, frames taken as they come.
import { EventEmitter, once } from 'node:events';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';

const frame = z.looseObject({
  type: z.enum(['@xstate.actor', '@xstate.event', '@xstate.snapshot']),
  sessionId: z.string(),
  rootId: z.string(),
  _version: z.string(),
  name: z.string().optional(),
  parentId: z.string().optional(),
  definition: z.string().optional(),
  event: z.looseObject({ type: z.string() }).optional(),
  snapshot: z.looseObject({ status: z.string(), value: z.string().optional() }).nullish(),
});
export type Frame = z.infer<typeof frame>;

export type Viewer = {
  /** As they came. */
  texts: string[];
  frames: () => Frame[];
  /** Resolves with the first frame, past or to come, that fits. */
  seen: (fits: (frame: Frame) => boolean) => Promise<Frame>;
  /** The code with which the server ended the connection. */
  closed: Promise<number>;
};

/** Connects to the page at `url` with the Origin that a browser would send; rejects when it is refused. */
export async function openViewer(url: string, origin = new URL(url).origin): Promise<Viewer> {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), { origin });
  onTestFinished(() => socket.terminate());
  const texts: string[] = [];
  const news = new EventEmitter();
  socket.on('message', (data: Buffer) => {
    texts.push(data.toString());
    news.emit('frame');
  });
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await once(socket, 'open');
  const frames = (): Frame[] => texts.map((text) => frame.parse(JSON.parse(text)));
  return {
    texts,
    frames,
    async seen(fits) {
      for (;;) {
        const found = frames().find(fits);
        if (found !== undefined) return found;
        await once(news, 'frame');
      }
    },
    closed,
  };
}
