// The messages of a simulated run: what is asked for, sometimes twice, and now and then what is no task at all.
import { parseTaskMessage } from '../../../src/events/task-message.ts';
import { taskOf, type Task } from '../../../src/events/task.ts';
import { repository } from './github.ts';
import type { Random } from './random.ts';

/** A message's text, and the task in it if there is one. */
export type Asked = { body: string; task: Task | undefined };

/** One trigger twice only for one worker: two workers that hold a message each cannot know of each other (docs/simulation.md). */
export function askFor(random: Random, count: number, machines: number): Asked[] {
  const asked: Asked[] = [];
  for (let number = 1; number <= count; number += 1) {
    const body = JSON.stringify({
      type: 'issue',
      issue_number: number,
      repository,
      title: 'Sum a cart',
      body: 'The total is wrong.',
      labels: ['ai-task'],
      created_at: '2026-11-01T00:00:00Z',
      delivery_id: `delivery-${number}`,
    });
    asked.push({ body, task: taskOf(parseTaskMessage(body)) });
    if (machines === 1 && random.chance(0.2)) asked.push({ body, task: taskOf(parseTaskMessage(body)) });
  }
  if (random.chance(0.1)) asked.push({ body: random.pick(['no JSON', '{"type":"issue"}']), task: undefined });
  return asked;
}
