// The task machine: the specification of how a labelled issue becomes a pull request or an explanation. Pure; opens in Stately Studio.
import { assign, setup } from 'xstate';
import { failureOfVerification } from '../events/verify-failure.ts';
import { taskActors } from './task-actors.ts';
import type { TaskContext, TaskInput, WorkingState } from './task-context.ts';
import { failureIn, recorded } from './task-facts.ts';

/** Cancels a task from outside; accepted in every state that is not final. */
export type CancelEvent = { type: 'CANCEL'; by: string; reason: string; found?: string };

/** What every working state does with an error of its service. */
const onErrorOf = (step: WorkingState) =>
  [
    { guard: 'mayRepeat', target: 'backing-off', actions: { type: 'setBack', params: { step } } },
    { guard: 'mustRelease', target: 'released', actions: { type: 'setBack', params: { step } } },
    { target: 'reporting', actions: 'fail' },
  ] as const;

export const taskMachine = setup({
  types: { context: {} as TaskContext, input: {} as TaskInput, events: {} as CancelEvent },
  actors: taskActors,
  guards: {
    beginsAt: ({ context }, { step }: { step: WorkingState }) => context.setback?.step === step,
    mayRepeat: ({ context, event }) => failureIn(event).retryable && context.retries < context.limits.retries,
    mustRelease: ({ event }) => failureIn(event).retryable,
    mayFix: ({ context }) => context.fixes < context.limits.fixes,
  },
  actions: {
    setBack: assign(({ context, event }, { step }: { step: WorkingState }) =>
      recorded.setBack(context, step, failureIn(event)),
    ),
    fail: assign(({ context, event }) => recorded.failedForGood(context, failureIn(event))),
    failVerification: assign(({ context }) => ({
      ...(context.verification && { failure: failureOfVerification(context.verification) }),
    })),
    countFix: assign(({ context }) => ({ fixes: context.fixes + 1 })),
    countRetry: assign(({ context }) => ({ retries: context.retries + 1 })),
    cancel: assign(({ event }) => {
      const { type: _, ...cancelled } = event;
      return { cancelled };
    }),
  },
}).createMachine({
  id: 'task',
  description: 'One task: a labelled issue, or a comment on a pull request.',
  context: ({ input }) => ({
    ...input?.progress,
    // XState's transition() runs this once without input on an actor it throws away.
    task: input?.task,
    limits: input?.limits,
    spentMs: input?.progress?.spentMs ?? 0,
    fixes: input?.progress?.fixes ?? 0,
    retries: 0,
  }),
  initial: 'starting',
  on: { CANCEL: { target: '.cancelled', actions: 'cancel' } },
  states: {
    starting: {
      description: 'Goes to the step that is due: cloning for a new task, else the one that was set back.',
      always: [
        { guard: { type: 'beginsAt', params: { step: 'generating' } }, target: 'generating' },
        { guard: { type: 'beginsAt', params: { step: 'testing-pass' } }, target: 'testing-pass' },
        { guard: { type: 'beginsAt', params: { step: 'verifying' } }, target: 'verifying' },
        { guard: { type: 'beginsAt', params: { step: 'fixing' } }, target: 'fixing' },
        { guard: { type: 'beginsAt', params: { step: 'publishing' } }, target: 'publishing' },
        { guard: { type: 'beginsAt', params: { step: 'reporting' } }, target: 'reporting' },
        { target: 'cloning' },
      ],
    },
    cloning: {
      description:
        'Clones the repository and makes the task’s branch; a comment task checks out the pull request’s branch.',
      invoke: {
        id: 'clone',
        src: 'clone',
        input: ({ context }) => recorded.step(context),
        onDone: {
          target: 'generating',
          actions: assign(({ context, event }) => recorded.done(context, event.output, { clone: event.output })),
        },
        onError: onErrorOf('cloning'),
      },
    },
    generating: {
      description: 'First pass of the agent: implements what the issue or comment asks for.',
      invoke: {
        id: 'generate',
        src: 'generate',
        input: ({ context }) => recorded.cloned(context),
        onDone: {
          target: 'testing-pass',
          actions: assign(({ context, event }) => recorded.done(context, event.output, { change: event.output })),
        },
        onError: onErrorOf('generating'),
      },
    },
    'testing-pass': {
      description: 'Second pass of the agent: writes tests for the change of the first.',
      invoke: {
        id: 'writeTests',
        src: 'writeTests',
        input: ({ context }) => recorded.changed(context),
        onDone: {
          target: 'verifying',
          actions: assign(({ context, event }) => recorded.done(context, event.output, { change: event.output })),
        },
        onError: onErrorOf('testing-pass'),
      },
    },
    verifying: {
      description: 'Runs the repository’s own build, lint and test commands on the commit.',
      invoke: {
        id: 'verify',
        src: 'verify',
        input: ({ context }) => recorded.changed(context),
        onDone: [
          {
            guard: ({ event }) => event.output.verdict !== 'failed',
            target: 'publishing',
            actions: assign(({ context, event }) =>
              recorded.done(context, event.output, { verification: event.output }),
            ),
          },
          {
            guard: 'mayFix',
            target: 'fixing',
            actions: [
              assign(({ context, event }) => recorded.done(context, event.output, { verification: event.output })),
              'countFix',
            ],
          },
          {
            target: 'reporting',
            actions: [
              assign(({ context, event }) => recorded.done(context, event.output, { verification: event.output })),
              'failVerification',
            ],
          },
        ],
        onError: onErrorOf('verifying'),
      },
    },
    fixing: {
      description: 'A fresh pass of the agent with the failing command and the tail of its output.',
      invoke: {
        id: 'fix',
        src: 'fix',
        input: ({ context }) => recorded.verified(context),
        onDone: {
          target: 'verifying',
          actions: assign(({ context, event }) => recorded.done(context, event.output, { change: event.output })),
        },
        onError: onErrorOf('fixing'),
      },
    },
    publishing: {
      description: 'Pushes the verified commit and opens the pull request, each found before it is made.',
      invoke: {
        id: 'publish',
        src: 'publish',
        input: ({ context }) => recorded.verified(context),
        onDone: {
          target: 'published',
          actions: assign(({ context, event }) => recorded.done(context, event.output, { publication: event.output })),
        },
        onError: onErrorOf('publishing'),
      },
    },
    reporting: {
      description: 'Explains on the issue why the task could not be done.',
      invoke: {
        id: 'report',
        src: 'report',
        input: ({ context }) => recorded.failed(context),
        onDone: {
          target: 'failed-permanent',
          actions: assign(({ context, event }) => recorded.done(context, event.output, { report: event.output })),
        },
        onError: [
          { guard: 'mayRepeat', target: 'backing-off', actions: { type: 'setBack', params: { step: 'reporting' } } },
          { target: 'released', actions: { type: 'setBack', params: { step: 'reporting' } } },
        ],
      },
    },
    'backing-off': {
      description: 'Waits out a transient failure until the instant in the context, then repeats the step.',
      entry: 'countRetry',
      invoke: {
        id: 'wait',
        src: 'wait',
        input: ({ context }) => ({ until: context.setback?.wakeAt ?? 0 }),
        onDone: {
          target: 'starting',
          actions: assign(({ context, event }) => recorded.waited(context, event.output)),
        },
        // A wait does not fail by itself; if it ever does, the queue does the waiting.
        onError: { target: 'released' },
      },
    },
    published: { type: 'final', description: 'A pull request exists and says what was observed.' },
    'failed-permanent': { type: 'final', description: 'The issue says why there is no pull request.' },
    released: { type: 'final', description: 'Handed back to the queue after an outage that outlasted the retries.' },
    cancelled: { type: 'final', description: 'Stopped because somebody asked for it.' },
  },
});
