// All paths of the machine, found by XState's own graph traversal over every way in which each step can end.
import { getAdjacencyMap, getShortestPaths, getSimplePaths } from 'xstate/graph';
import type { EventObject } from 'xstate';
import { describe, expect, it } from 'vitest';
import type { Task } from '../../src/events/task.ts';
import { eventOf } from '../../src/machines/event-codec.ts';
import { stateName, type TaskSnapshot } from '../../src/machines/fold.ts';
import { taskMachine } from '../../src/machines/task-machine.ts';
import { commentTask, issueTask, limits, permanent, transient } from '../support/tasks/facts.ts';
import { endOf, type Ending } from '../support/tasks/walk.ts';

const cancel = { type: 'CANCEL', by: 'mei', reason: 'changed my mind' } as const;
const finals = new Set(['cancelled', 'failed-permanent', 'published', 'released']);

/** Every event that can reach a state: its service's ends, and a cancellation. */
function eventsIn(snapshot: TaskSnapshot): EventObject[] {
  if (snapshot.status !== 'active') return [];
  const endings: Ending[] = ['done', transient(), permanent()];
  if (snapshot.matches('verifying')) endings.push('failed');
  const ends = endings.map((ending) => eventOf(endOf(stateName(snapshot), ending)));
  return [...ends.filter((event) => event !== undefined), cancel];
}

/** Two snapshots are one place when they have the same future: times and outcomes do not decide where the machine goes. */
function placeOf({ value, context }: TaskSnapshot): string {
  const { fixes, retries, setback, failure } = context;
  return JSON.stringify([value, fixes, retries, setback?.step, failure?.code]);
}

type Vertex = { state: TaskSnapshot; transitions: Record<string, { event: EventObject; state: TaskSnapshot }> };

const traversal = (task: Task, its = limits) => ({
  input: { task, limits: its },
  // The ends of services are events too; XState's types know only those that are sent from outside.
  events: (snapshot: TaskSnapshot) => eventsIn(snapshot) as (typeof cancel)[],
  serializeState: placeOf,
  serializeEvent: (event: EventObject) => event.type + JSON.stringify(event),
});

describe.each([issueTask, commentTask])('every path of a task of kind $kind', (task) => {
  const shortest = getShortestPaths(taskMachine, traversal(task));
  const map = new Map<string, Vertex>(Object.entries(getAdjacencyMap(taskMachine, traversal(task))));
  const vertexOf = (place: string): Vertex => {
    const vertex = map.get(place);
    if (vertex === undefined) throw new Error(`There is no place ${place}.`);
    return vertex;
  };

  it('reaches every state of the machine but starting, which is passed through', () => {
    const reached = new Set(shortest.map(({ state }) => stateName(state)));
    expect([...reached].toSorted()).toEqual(
      Object.keys(taskMachine.states)
        .filter((name) => name !== 'starting')
        .toSorted(),
    );
  });

  it('ends in a final state: no place without a way on, and no way back to a place', () => {
    const longest = new Map<string, number>();
    const stepsFrom = (place: string, above: ReadonlySet<string>): number => {
      const known = longest.get(place);
      if (known !== undefined) return known;
      if (above.has(place)) throw new Error(`The machine comes back to ${place}.`);
      const vertex = vertexOf(place);
      const ways = Object.values(vertex.transitions).map((way) => placeOf(way.state));
      if (ways.length === 0 && vertex.state.status !== 'done') throw new Error(`There is no way on from ${place}.`);
      const steps = Math.max(0, ...ways.map((way) => 1 + stepsFrom(way, new Set([...above, place]))));
      longest.set(place, steps);
      return steps;
    };
    const [start = ''] = map.keys();
    // Twelve steps with four tries each and the waits between them, at most: 12 · (4 + 3).
    expect(stepsFrom(start, new Set())).toBe(84);
  });

  it('ends as done, not in an error, in each final state', () => {
    for (const { state } of shortest) {
      expect(state.status).toBe(finals.has(stateName(state)) ? 'done' : 'active');
    }
  });

  it('can be cancelled in every state that is not final', () => {
    for (const { state } of shortest.filter((path) => path.state.status === 'active')) {
      const next = Object.values(vertexOf(placeOf(state)).transitions).find(
        ({ event }) => event.type === 'CANCEL',
      )?.state;
      expect(next && stateName(next)).toBe('cancelled');
      expect(next?.context.cancelled).toEqual({ by: cancel.by, reason: cancel.reason });
    }
  });
});

describe('every path without outages', () => {
  const paths = getSimplePaths(taskMachine, {
    ...traversal(issueTask, { ...limits, retries: 0 }),
    toState: (snapshot) => snapshot.status !== 'active',
  });
  const statesOf = (path: (typeof paths)[number]): string[] => path.steps.map(({ state }) => stateName(state));
  const count = (path: (typeof paths)[number], name: string): number =>
    statesOf(path).filter((state) => state === name).length;

  it('begins at most three fixes and four verifications', () => {
    expect(Math.max(...paths.map((path) => count(path, 'fixing')))).toBe(3);
    expect(Math.max(...paths.map((path) => count(path, 'verifying')))).toBe(4);
    for (const path of paths) expect(path.state.context.fixes).toBe(count(path, 'fixing'));
  });

  it('publishes only what a verification did not fail', () => {
    const toPublished = paths.filter(({ state }) => state.matches('published'));
    expect(new Set(toPublished.map((path) => path.state.context.fixes))).toEqual(new Set([0, 1, 2, 3]));
    for (const path of toPublished) {
      expect(path.state.context.verification?.verdict).toBe('passed');
      expect(statesOf(path).at(-2)).toBe('publishing');
    }
  });

  it('reports every failure before it ends as failed-permanent, with the reason', () => {
    for (const path of paths.filter(({ state }) => state.matches('failed-permanent'))) {
      expect(statesOf(path).at(-2)).toBe('reporting');
      expect(path.state.context.failure?.code).toMatch(/^CW-/);
    }
  });
});
