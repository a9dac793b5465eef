// Trouble at GitHub, drawn from the seed: 5xx, rate limits, lost and late answers, over REST and over git.
import type { Fault, FaultMatch } from '../github/faults.ts';
import type { GitHub } from '../github/github.ts';
import type { Random } from '../simulation/random.ts';
import { pause } from './trouble.ts';

const rest = /^\/(?:user$|repos\/)/;
const anywhere: readonly FaultMatch[] = [
  { path: /^/ },
  { path: /info\/refs$/ },
  { method: 'POST', path: /git-(?:receive|upload)-pack$/ },
  { method: 'POST', path: /git-receive-pack$/ },
  { method: 'POST', path: /\/pulls$/ },
  { method: 'POST', path: /\/comments$/ },
  { path: /\/labels/ },
];

type Season = {
  note: (weather: string) => void;
  /** Milliseconds between two changes, at most, and a quarter less. */
  calmMs: number;
  /** False while the workers shall come to rest. */
  isRough: () => boolean;
};

/** Goes on until `signal` is aborted, and leaves no fault behind. */
export async function makeWeather(
  github: GitHub,
  random: Random,
  { note, calmMs, isRough }: Season,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await pause(random.between(calmMs / 16, calmMs * 0.75), signal);
    // What was not used up in that time is over.
    github.clearFaults();
    if (!signal.aborted && isRough()) change(github, random, note);
  }
  github.clearFaults();
}

type Weather = 'error' | 'rate limit' | 'no answer' | 'lost answer' | 'late answer' | 'outage';

function change(github: GitHub, random: Random, note: (weather: string) => void): void {
  const weather = random.pick<Weather>([
    'error',
    'error',
    'rate limit',
    'no answer',
    'lost answer',
    'lost answer',
    'outage',
    'late answer',
  ]);
  // A call is given up after a minute, so this is the rarest.
  if (weather === 'late answer' && !random.chance(0.2)) return;
  note(weather);
  const times = random.whole(1, 3);
  const fail = (fault: Fault, match = random.pick(anywhere)): void => github.fail(match, fault);
  switch (weather) {
    case 'error':
      return fail({ status: random.pick([500, 502, 503]), times });
    case 'rate limit':
      return fail(rateLimit(random, times), { path: rest });
    case 'no answer':
      return fail({ dropConnection: true, times });
    case 'lost answer':
      return fail({ dropConnection: true, afterSuccess: true, times });
    case 'outage':
      return fail({ status: 503, times: 60 }, { path: /^/ });
    case 'late answer':
      return fail({ hang: true, afterSuccess: random.chance(0.5) }, { path: rest });
  }
}

/** GitHub says when its limits end, in one of two ways. */
function rateLimit(random: Random, times: number): Fault {
  if (random.chance(0.5)) return { status: 429, headers: { 'retry-after': '1' }, times };
  const reset = Math.ceil(Date.now() / 1000) + random.whole(1, 8);
  return {
    status: 403,
    headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) },
    body: { message: 'API rate limit exceeded.' },
    times,
  };
}
