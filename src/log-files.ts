// The log's files: one a day, of which the newest are kept. Each line looks at the date itself, so that neither a restart nor a sleeping laptop misses a change of day.
import { appendFileSync, closeSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

type DailyFilesFacts = {
  folder: string;
  /** Files kept, the present one among them. */
  kept: number;
  now?: () => Date;
};

const fileName = /^worker-\d{4}-\d{2}-\d{2}\.jsonl$/;

/**
 * Where a line goes: into `worker-<date>.jsonl` of the day, in UTC as the lines' own times. Written before `write` returns, because the last lines
 * before a crash are the ones that matter. A line that cannot be written (a full disk) is lost to the file: work does not stop for a log.
 */
export function dailyFiles({ folder, kept, now = () => new Date() }: DailyFilesFacts): {
  write: (line: string) => void;
} {
  let day = '';
  let file: number | undefined;

  const turnTo = (today: string): void => {
    if (file !== undefined) closeSync(file);
    file = undefined;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    file = openSync(join(folder, `worker-${today}.jsonl`), 'a', 0o600);
    day = today;
    removeOld(folder, kept);
  };

  return {
    write(line) {
      const today = now().toISOString().slice(0, 10);
      try {
        if (file === undefined || today !== day) turnTo(today);
        if (file !== undefined) appendFileSync(file, line);
      } catch {
        // Said above: standard output has the line too.
      }
    },
  };
}

/** By name, which is by date; other files are not ours. */
function removeOld(folder: string, kept: number): void {
  const ours = readdirSync(folder).filter((name) => fileName.test(name));
  for (const name of ours.toSorted().slice(0, -kept)) rmSync(join(folder, name), { force: true });
}
