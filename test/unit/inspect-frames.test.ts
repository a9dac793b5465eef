// Frames for the inspector's page: nothing secret and nothing endless in them, and enough of them for a page that is opened late.
import type { StatelyInspectionEvent } from '@statelyai/inspect';
import { expect, test } from 'vitest';
import { History } from '../../src/cli/inspect/history.ts';
import { frameOf } from '../../src/cli/inspect/sanitise.ts';
import { maskOf } from '../../src/services/process/mask.ts';

const secret = 'ghp_example"Secret\\0123456789';
const mask = maskOf([secret]);
const facts = { rootId: 'x:0', createdAt: '0', id: '', _version: '0.7.2' };

const actor = (sessionId: string, more: object = {}): StatelyInspectionEvent => ({
  ...facts,
  type: '@xstate.actor',
  name: sessionId,
  sessionId,
  parentId: undefined,
  definition: '{}',
  snapshot: { status: 'active' },
  ...more,
});
const snapshot = (sessionId: string, status = 'active'): StatelyInspectionEvent => ({
  ...facts,
  type: '@xstate.snapshot',
  sessionId,
  event: { type: 'x' },
  // The package's type for a snapshot knows these two fields only by XState's.
  snapshot: { status, output: undefined, error: undefined } as never,
});

test('a secret is masked in a context, in the input of a service and in what an event brings', () => {
  const events: StatelyInspectionEvent[] = [
    actor('x:0', { snapshot: { status: 'active', context: { task: { body: `a ${secret} b` } } } }),
    actor('x:1', { snapshot: { status: 'active', input: { task: { body: secret } } } }),
    actor('x:2', { name: secret, definition: JSON.stringify({ id: 'ghp_example' }) }),
    { ...facts, type: '@xstate.event', sessionId: 'x:0', sourceId: undefined, event: { type: 'y', output: [secret] } },
  ];
  for (const event of events) {
    const text = frameOf(event, mask);
    expect(JSON.stringify(JSON.parse(text))).not.toContain('0123456789');
  }
  expect(frameOf(events[3] ?? actor('x:9'), mask)).toContain('"output":["[secret]"]');
});

test('a long text is cut to what a page can show, the machine’s definition is not', () => {
  const definition = JSON.stringify({ id: 'd'.repeat(10_000) });
  const event = actor('x:0', { definition, snapshot: { status: 'active', context: { body: 'b'.repeat(300_000) } } });
  const text = frameOf(event, mask);
  expect(JSON.parse(text).definition).toBe(definition);
  expect(text.length).toBeLessThan(13_000);
  expect(text).toContain('298000 more characters');
});

test('a page that is opened late learns of a running task however long ago it began, and not of one that ended then', () => {
  const history = new History();
  const add = (event: StatelyInspectionEvent): void => history.add(event, `${event.type} ${event.sessionId}`);
  add(actor('ended'));
  add(actor('running'));
  add(actor('service', { parentId: 'running' }));
  add(snapshot('ended', 'done'));
  for (let count = 0; count < 5_000; count += 1) add(snapshot('running'));
  const frames = history.frames();
  expect(frames[0]).toBe('@xstate.actor running');
  expect(frames).not.toContain('@xstate.actor ended');
  expect(frames.length).toBeLessThan(1_000);
  add(snapshot('running', 'done'));
  for (let count = 0; count < 5_000; count += 1) add(snapshot('another'));
  expect(history.frames()).not.toContain('@xstate.actor running');
});
