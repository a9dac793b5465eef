// Rules over the machine's definition that no run would show.
import { describe, expect, it } from 'vitest';
import { workingStates } from '../../src/machines/task-context.ts';
import { taskMachine } from '../../src/machines/task-machine.ts';

const states = Object.values(taskMachine.root.states);
const waiting = states.filter(({ key, type }) => type !== 'final' && key !== 'starting');

describe('the task machine', () => {
  it('has the states that the design names, and no other', () => {
    expect(states.map(({ key }) => key)).toEqual([
      'starting',
      ...workingStates,
      'backing-off',
      'published',
      'failed-permanent',
      'released',
      'cancelled',
    ]);
  });

  it.each(states)('says what $key is for', ({ description }) => {
    expect(description).toMatch(/\.$/);
  });

  it('has no timer: XState’s do not survive a restore', () => {
    expect(states.flatMap(({ after }) => after)).toEqual([]);
    expect(JSON.stringify(taskMachine.config)).not.toContain('"after"');
    expect(JSON.stringify(taskMachine.config)).not.toContain('"delay"');
  });

  it.each(waiting)('runs one service in $key, under an id of its own and by a name', ({ invoke }) => {
    expect(invoke).toHaveLength(1);
    expect(invoke[0]?.id).toBe(invoke[0]?.src);
    expect(Object.keys(taskMachine.implementations.actors)).toContain(invoke[0]?.src);
  });

  it('uses every service that it names, once', () => {
    const used = states.flatMap(({ invoke }) => invoke.map(({ src }) => src));
    expect(used).toHaveLength(new Set(used).size);
    expect(new Set<unknown>(used)).toEqual(new Set(Object.keys(taskMachine.implementations.actors)));
  });

  it.each(waiting)('knows where to go from $key when its service fails', ({ invoke, ownEvents }) => {
    expect(ownEvents).toContain(`xstate.done.actor.${invoke[0]?.id}`);
    expect(ownEvents).toContain(`xstate.error.actor.${invoke[0]?.id}`);
  });

  it.each(states.filter(({ type }) => type === 'final'))('runs nothing in $key', ({ invoke, ownEvents }) => {
    expect(invoke).toEqual([]);
    expect(ownEvents).toEqual([]);
  });

  it('touches nothing at its start but its own state: entering a state runs no effect', () => {
    const entries = states.flatMap(({ key, entry }) => entry.map((action) => [key, action]));
    expect(entries).toEqual([['backing-off', 'countRetry']]);
  });
});
