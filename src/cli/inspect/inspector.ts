// The inspector: XState's inspection events, put into the package's form, sanitised, and shown to the pages that are open.
//
// The package's converter is used with an adapter of ours. Its WebSocket client would bring nothing but a reconnect loop that keeps the
// process alive when no server answers.
import { createInspector } from '@statelyai/inspect';
import type { InspectionEvent } from 'xstate';
import type { Mask } from '../../services/process/mask.ts';
import { History } from './history.ts';
import { startRelay } from './relay.ts';
import { frameOf } from './sanitise.ts';

export type Inspector = {
  /** The page to open. */
  url: string;
  /** Takes XState's inspection events; what they show is masked by `mask`. */
  inspectWith: (mask: Mask) => (event: InspectionEvent) => void;
  close: () => Promise<void>;
};

/** Listens on 127.0.0.1; `port` 0 takes a free one. Throws Node's error when the port cannot be had. */
export async function startInspector(port: number): Promise<Inspector> {
  const history = new History();
  const relay = await startRelay(port, () => history.frames());
  const inspectWith = (mask: Mask) => {
    const { inspect } = createInspector({
      send: (event) => {
        const frame = frameOf(event, mask);
        history.add(event, frame);
        relay.send(frame);
      },
    });
    return (event: InspectionEvent): void => inspect.next?.(event);
  };
  return { url: relay.url, inspectWith, close: relay.close };
}
