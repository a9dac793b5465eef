// One task's journal, open for appending: a single writer, records on disk before anything is done about them.
import { basename, dirname } from 'node:path';
import { coded, CodedError } from '../../events/failure.ts';
import { encodeRecord } from '../../events/journal-line.ts';
import { journalVersion, type JournalEntry, type JournalRecord } from '../../events/journal-record.ts';
import type { Disk, DiskFile } from '../disk/disk.ts';
import { readJournal, type JournalContent } from './read-journal.ts';

/** What journals are kept on. */
export type Medium = {
  disk: Disk;
  /** Epoch milliseconds. */
  now: () => number;
};

export class Journal {
  readonly path: string;
  /** Id of the task whose journal it is. */
  readonly task: string;
  readonly records: JournalRecord[] = [];
  readonly #medium: Medium;
  readonly #file: DiskFile;
  #size: number;
  #pending: Buffer[] = [];
  /** What an opened journal held: perhaps never on the medium, and after a failed sync no later one writes it, so it is written again. */
  #unsure: Buffer = Buffer.alloc(0);
  #isWriting = false;
  #writing: Promise<void> = Promise.resolve();
  #broken: CodedError | undefined;

  private constructor(medium: Medium, path: string, task: string, file: DiskFile, size: number) {
    this.#medium = medium;
    this.path = path;
    this.task = task;
    this.#file = file;
    this.#size = size;
  }

  /** Creates the journal of a new task. Throws `CW-JOURNAL-CONFLICT` when there is one. */
  static async create(medium: Medium, path: string, task: string): Promise<Journal> {
    const { disk } = medium;
    await disk.makeFolder(dirname(path)).catch((cause: unknown) => {
      throw writeError(path, cause);
    });
    const file = await disk.create(path).catch((cause: unknown) => {
      throw isErrno(cause, 'EEXIST')
        ? coded('CW-JOURNAL-CONFLICT', `${path} exists already.`)
        : writeError(path, cause);
    });
    try {
      await disk.syncFolder(dirname(path));
    } catch (cause) {
      await file.close();
      throw writeError(path, cause);
    }
    return new Journal(medium, path, task, file, 0);
  }

  /**
   * Opens an existing journal; a torn last record is saved aside, cut off and noted before anything else. Undefined when not even
   * the first record is whole: then nothing was accepted, and what there is of it is set aside. Throws `CW-JOURNAL-CORRUPT`,
   * `CW-JOURNAL-VERSION`. What `understand` throws for its records is thrown before the file is changed: a newer worker's journal is not
   * ours to repair.
   */
  static async open(
    medium: Medium,
    path: string,
    task: string,
    understand: (records: readonly JournalRecord[]) => unknown = () => {},
  ): Promise<Journal | undefined> {
    const { disk } = medium;
    const bytes = await disk.read(path);
    const content = readJournal(bytes, basename(path));
    const [first] = content.records;
    if (first !== undefined && first.task !== task) {
      throw coded('CW-JOURNAL-CORRUPT', `${basename(path)}, line 1: the record belongs to the task ${first.task}.`);
    }
    if (content.records.length === 0 && !content.completed) {
      // Nothing was written yet, so there is nothing for a person to look at.
      if (bytes.length === 0) await disk.remove(path);
      else await disk.rename(path, `${path}.torn-0`);
      return undefined;
    }
    const { records, completed } = content;
    if (content.torn.length > 0) understand(completed ? [...records, completed] : records);
    const file = await disk.open(path).catch((cause: unknown) => {
      throw writeError(path, cause);
    });
    const journal = new Journal(medium, path, task, file, content.intactBytes);
    journal.records.push(...content.records);
    journal.#unsure = bytes.subarray(0, content.intactBytes);
    try {
      if (content.torn.length > 0) await journal.#cutOff(content);
    } catch (cause) {
      await file.close();
      throw cause instanceof CodedError ? cause : writeError(path, cause);
    }
    return journal;
  }

  /**
   * Hands a record to the disk and returns it; never throws. `flushed()` tells when it is there, or that it cannot be. `state` is the
   * task's state after it, for an entry that moves the task.
   */
  append(entry: JournalEntry, state?: string): JournalRecord {
    const place = { v: journalVersion, seq: this.records.length + 1, at: this.#medium.now(), task: this.task } as const;
    const record: JournalRecord = { ...place, ...entry, ...(state !== undefined && { state }) };
    this.#hold(record);
    this.#writePending();
    return record;
  }

  /** Resolves when every record appended so far is on disk. Rejects with `CW-JOURNAL-WRITE` or `CW-JOURNAL-CONFLICT` for ever after a failed write. */
  async flushed(): Promise<void> {
    await this.#writing;
    if (this.#broken) throw this.#broken;
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close();
  }

  #hold(record: JournalRecord): void {
    this.records.push(record);
    try {
      this.#pending.push(encodeRecord(record));
    } catch (error) {
      this.#broken ??= error instanceof CodedError ? error : writeError(this.path, error);
    }
  }

  /** The first write begins at once, so that the disk works while the machine makes its transition. */
  #writePending(): void {
    if (!this.#isWriting) this.#writing = this.#writeAll();
  }

  /** Until nothing is pending: what is appended meanwhile is written together, by the next write. */
  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    while (this.#pending.length > 0 && !this.#broken) await this.#write();
    this.#isWriting = false;
  }

  async #write(): Promise<void> {
    const bytes = Buffer.concat([this.#unsure, ...this.#pending]);
    this.#pending = [];
    try {
      const size = this.#file.size();
      if (size !== this.#size) {
        throw coded('CW-JOURNAL-CONFLICT', `${this.path} has ${size} bytes where ${this.#size} were expected.`);
      }
      const position = size - this.#unsure.length;
      await writeAll(this.#file, bytes, position);
      await this.#file.datasync();
      this.#unsure = Buffer.alloc(0);
      this.#size = position + bytes.length;
    } catch (error) {
      // After a failed write or fsync nothing is known of the pages: this descriptor is not used again.
      this.#broken = error instanceof CodedError ? error : writeError(this.path, error);
    }
  }

  async #save(path: string, bytes: Buffer): Promise<void> {
    const { disk } = this.#medium;
    await disk.remove(path);
    const file = await disk.create(path);
    try {
      await writeAll(file, bytes, 0);
      await file.sync();
    } finally {
      await file.close();
    }
    await disk.syncFolder(dirname(path));
  }

  /** What is cut off was never acknowledged; it is kept aside for a person to look at. */
  async #cutOff({ torn, completed }: JournalContent): Promise<void> {
    const savedAs = `${this.path}.torn-${this.#size}`;
    await this.#save(savedAs, torn);
    await this.#file.truncate(this.#size);
    await this.#file.sync();
    // Only held, and so written together with the note that it was cut off.
    if (completed) this.#hold(completed);
    this.append({ type: 'journal.repaired', data: { bytes: torn.length, savedAs: basename(savedAs) } });
    await this.flushed();
  }
}

async function writeAll(file: DiskFile, bytes: Buffer, position: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    written += await file.write(bytes.subarray(written), position + written);
  }
}

const isErrno = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

const writeError = (path: string, cause: unknown): CodedError =>
  coded('CW-JOURNAL-WRITE', `${path} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}.`, {
    cause,
  });
