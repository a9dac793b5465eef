// What a worker's heap holds when all that can go has gone: asked over Node's inspector, on the loopback interface.
import { once } from 'node:events';
import { z } from 'zod';
import type { Life } from './process.ts';

/** Flag for a worker that shall be asked; the port is the system's choice. */
export const inspectFlag = '--inspect=127.0.0.1:0';

const answer = z.object({
  id: z.number().optional(),
  result: z.object({ result: z.object({ value: z.number() }).optional() }).optional(),
});

/** MiB after two full collections: what only finalisers let go goes with the second. */
export async function liveHeapMiB({ address }: Pick<Life, 'address'>): Promise<number> {
  const url = await address;
  const socket = new WebSocket(url);
  await once(socket, 'open');
  const answers = new Map<number, (value: number | undefined) => void>();
  socket.addEventListener('message', ({ data }) => {
    const { id = 0, result } = answer.parse(JSON.parse(String(data)));
    answers.get(id)?.(result?.result?.value);
  });
  const call = (id: number, method: string, params: object = {}): Promise<number | undefined> => {
    const { promise, resolve } = Promise.withResolvers<number | undefined>();
    answers.set(id, resolve);
    socket.send(JSON.stringify({ id, method, params }));
    return promise;
  };
  try {
    await call(1, 'HeapProfiler.collectGarbage');
    await call(2, 'HeapProfiler.collectGarbage');
    const bytes = await call(3, 'Runtime.evaluate', { expression: 'process.memoryUsage().heapUsed' });
    if (bytes === undefined) throw new Error('The worker did not tell what its heap holds.');
    return bytes / 2 ** 20;
  } finally {
    socket.close();
  }
}
