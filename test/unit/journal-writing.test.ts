// Writing a journal: what `flushed()` promises, one writer, and a failure that is final.
import { constants } from 'node:fs';
import { appendFile, readdir, readFile, readlink, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordMaxBytes } from '../../src/events/bounds.ts';
import type { Disk, DiskFile } from '../../src/services/disk/disk.ts';
import { Journal } from '../../src/services/journal/journal.ts';
import { readJournal } from '../../src/services/journal/read-journal.ts';
import { issueTask } from '../support/tasks/facts.ts';
import { journalFolder, writeJournal } from '../support/tasks/real-journal.ts';
import { accepted, endOf } from '../support/tasks/walk.ts';
import { realMedium } from '../support/real-medium.ts';

let folder: string;
beforeAll(async () => {
  folder = await journalFolder();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const openAgain = async (path: string): Promise<Journal> => {
  const journal = await Journal.open(realMedium, path, issueTask.id);
  if (journal === undefined) throw new Error('The journal has no record.');
  return journal;
};
/** The flags with which this process has the file open, as Linux tells them: octal, on a line of their own. */
async function flagsOf(path: string): Promise<number | undefined> {
  for (const fd of await readdir('/proc/self/fd')) {
    const target = await readlink(`/proc/self/fd/${fd}`).catch(() => '');
    if (target !== path) continue;
    const facts = await readFile(`/proc/self/fdinfo/${fd}`, 'utf8');
    return Number.parseInt(/^flags:\s*(\d+)$/m.exec(facts)?.[1] ?? '', 8);
  }
  return undefined;
}
const suspended = (reason: string) => ({ type: 'task.suspended', data: { reason } }) as const;

describe('a journal', () => {
  it('has every record that was appended on disk when flushed() resolves, in order', async () => {
    const path = join(folder, 'flushed.jsonl');
    const journal = await Journal.create(realMedium, path, issueTask.id);
    for (let round = 0; round < 20; round += 1) {
      journal.append(round === 0 ? accepted() : suspended(`a ${round}`));
      const first = journal.flushed();
      journal.append(suspended(`b ${round}`));
      await first;
      expect(readJournal(await readFile(path), path).records.slice(0, 2 * round + 1)).toEqual(
        journal.records.slice(0, 2 * round + 1),
      );
      await journal.flushed();
      expect(readJournal(await readFile(path), path).records).toEqual(journal.records);
    }
    await journal.close();
  });

  it('is not made anew over one that is there', async () => {
    const path = join(folder, 'twice.jsonl');
    const bytes = await writeJournal(path, [accepted()]);
    await expect(Journal.create(realMedium, path, issueTask.id)).rejects.toThrow('CW-JOURNAL-CONFLICT');
    expect(await readFile(path)).toEqual(bytes);
  });

  it('hands its record to the disk before append() returns, so that the machine’s transition costs no time of the disk', async () => {
    const calls: string[] = [];
    const create: Disk['create'] = async (path) => {
      const file = await realMedium.disk.create(path);
      const write: DiskFile['write'] = (...facts) => {
        calls.push('write');
        return file.write(...facts);
      };
      return { ...file, write };
    };
    const medium = { ...realMedium, disk: { ...realMedium.disk, create } };
    const journal = await Journal.create(medium, join(folder, 'at-once.jsonl'), issueTask.id);
    journal.append(accepted());
    expect(calls).toEqual(['write']);
    // The disk is at work: these two wait, and are written together.
    journal.append(suspended('a'));
    journal.append(suspended('b'));
    expect(calls).toEqual(['write']);
    await journal.flushed();
    expect(calls).toEqual(['write', 'write']);
    await journal.close();
  });

  it.runIf(process.platform === 'linux')('is open in such a way that each write is on the medium', async () => {
    const path = join(folder, 'through.jsonl');
    await writeJournal(path, [accepted()]);
    for (const journal of [await openAgain(path), await Journal.create(realMedium, `${path}.2`, issueTask.id)]) {
      const flags = (await flagsOf(journal.path)) ?? 0;
      expect(flags & constants.O_DSYNC).toBe(constants.O_DSYNC);
      await journal.close();
    }
  });

  it('can be read and written by its owner only: it holds the text of private repositories', async () => {
    const path = join(folder, 'private.jsonl');
    await writeJournal(path, [accepted()]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });
});

describe('a second writer', () => {
  it('is found out before a byte of it is overwritten, by whoever writes next', async () => {
    const path = join(folder, 'two.jsonl');
    await writeJournal(path, [accepted()]);
    const [one, other] = [await openAgain(path), await openAgain(path)];
    one.append(endOf('cloning', 'done'));
    await one.flushed();
    const bytes = await readFile(path);
    other.append(endOf('cloning', 'done'));
    await expect(other.flushed()).rejects.toThrow('CW-JOURNAL-CONFLICT');
    expect(await readFile(path)).toEqual(bytes);
    one.append(endOf('generating', 'done'));
    await one.flushed();
    await Promise.all([one.close(), other.close()]);
    expect(readJournal(await readFile(path), path).records).toHaveLength(3);
  });

  it.each([
    ['longer', (path: string) => appendFile(path, 'x')],
    ['shorter', (path: string) => truncate(path, 10)],
  ])('that made the file %s is a conflict', async (name, change) => {
    const path = join(folder, `${name}.jsonl`);
    await writeJournal(path, [accepted()]);
    const journal = await openAgain(path);
    await change(path);
    const before = await readFile(path);
    journal.append(endOf('cloning', 'done'));
    await expect(journal.flushed()).rejects.toThrow('CW-JOURNAL-CONFLICT');
    await journal.close();
    expect(await readFile(path)).toEqual(before);
  });
});

describe('a failed write', () => {
  it('is final: nothing is written any more, though the cause has gone', async () => {
    const path = join(folder, 'poisoned.jsonl');
    const bytes = await writeJournal(path, [accepted()]);
    const journal = await openAgain(path);
    await appendFile(path, 'x');
    journal.append(suspended('too late'));
    await expect(journal.flushed()).rejects.toThrow('CW-JOURNAL-CONFLICT');
    await truncate(path, bytes.length);
    for (let again = 0; again < 3; again += 1) {
      journal.append(suspended('again'));
      await expect(journal.flushed()).rejects.toThrow('CW-JOURNAL-CONFLICT');
    }
    await journal.close();
    expect(await readFile(path)).toEqual(bytes);
    const reread = await openAgain(path);
    reread.append(suspended('in a new run'));
    await reread.flushed();
    await reread.close();
  });

  it('is what a record over the bound becomes, and writes none of it', async () => {
    const path = join(folder, 'large.jsonl');
    const bytes = await writeJournal(path, [accepted()]);
    const journal = await openAgain(path);
    journal.append(suspended('x'.repeat(recordMaxBytes)));
    await expect(journal.flushed()).rejects.toThrow('CW-JOURNAL-WRITE');
    await journal.close();
    expect(await readFile(path)).toEqual(bytes);
  });

  it('has a code when there is no such place', async () => {
    await expect(
      Journal.create(realMedium, join(folder, 'large.jsonl', 'below-a-file.jsonl'), issueTask.id),
    ).rejects.toThrow('CW-JOURNAL-WRITE');
  });
});
