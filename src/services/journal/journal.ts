// One task's journal, open for appending: a single writer, records on disk before anything is done about them.
import { mkdir, open, readFile, rename, writeFile, type FileHandle } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { coded, CodedError } from '../../events/failure.ts';
import { encodeRecord } from '../../events/journal-line.ts';
import { journalVersion, type JournalEntry, type JournalRecord } from '../../events/journal-record.ts';
import { readJournal, type JournalContent } from './read-journal.ts';

export class Journal {
  readonly path: string;
  /** Id of the task whose journal it is. */
  readonly task: string;
  readonly records: JournalRecord[] = [];
  readonly #file: FileHandle;
  #size: number;
  #pending: Buffer[] = [];
  #writing: Promise<void> = Promise.resolve();
  #broken: CodedError | undefined;

  private constructor(path: string, task: string, file: FileHandle, size: number) {
    this.path = path;
    this.task = task;
    this.#file = file;
    this.#size = size;
  }

  /** Creates the journal of a new task. Throws `CW-JOURNAL-CONFLICT` when there is one. */
  static async create(path: string, task: string): Promise<Journal> {
    await mkdir(dirname(path), { recursive: true }).catch((cause: unknown) => {
      throw writeError(path, cause);
    });
    const file = await open(path, 'wx', 0o600).catch((cause: unknown) => {
      throw isErrno(cause, 'EEXIST')
        ? coded('CW-JOURNAL-CONFLICT', `${path} exists already.`)
        : writeError(path, cause);
    });
    try {
      await syncDirectory(dirname(path));
    } catch (cause) {
      await file.close();
      throw writeError(path, cause);
    }
    return new Journal(path, task, file, 0);
  }

  /**
   * Opens an existing journal; a torn last record is saved aside, cut off and noted before anything else. Undefined when not even
   * the first record is whole: then nothing was accepted, and the file is set aside. Throws `CW-JOURNAL-CORRUPT`, `CW-JOURNAL-VERSION`.
   */
  static async open(path: string, task: string): Promise<Journal | undefined> {
    const content = readJournal(await readFile(path), basename(path));
    const [first] = content.records;
    if (first !== undefined && first.task !== task) {
      throw coded('CW-JOURNAL-CORRUPT', `${basename(path)}, line 1: the record belongs to the task ${first.task}.`);
    }
    if (content.records.length === 0 && !content.completed) {
      await rename(path, `${path}.torn-0`);
      return undefined;
    }
    const file = await open(path, 'r+').catch((cause: unknown) => {
      throw writeError(path, cause);
    });
    const journal = new Journal(path, task, file, content.intactBytes);
    journal.records.push(...content.records);
    try {
      if (content.torn.length > 0) await journal.#cutOff(content);
    } catch (cause) {
      await file.close();
      throw cause instanceof CodedError ? cause : writeError(path, cause);
    }
    return journal;
  }

  /** Enqueues a record for the disk and returns it; never throws. `flushed()` tells when it is there, or that it cannot be. */
  append(entry: JournalEntry): JournalRecord {
    const place = { v: journalVersion, seq: this.records.length + 1, at: Date.now(), task: this.task } as const;
    const record: JournalRecord = { ...place, ...entry };
    this.#enqueue(record);
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

  #enqueue(record: JournalRecord): void {
    this.records.push(record);
    try {
      this.#pending.push(encodeRecord(record));
    } catch (error) {
      this.#broken ??= error instanceof CodedError ? error : writeError(this.path, error);
    }
    this.#writing = this.#writing.then(() => this.#write());
  }

  async #write(): Promise<void> {
    if (this.#pending.length === 0 || this.#broken) return;
    const bytes = Buffer.concat(this.#pending);
    this.#pending = [];
    try {
      const { size } = await this.#file.stat();
      if (size !== this.#size) {
        throw coded('CW-JOURNAL-CONFLICT', `${this.path} has ${size} bytes where ${this.#size} were expected.`);
      }
      await writeAll(this.#file, bytes, this.#size);
      await this.#file.datasync();
      this.#size += bytes.length;
    } catch (error) {
      // After a failed write or fsync nothing is known of the pages: this descriptor is not used again.
      this.#broken = error instanceof CodedError ? error : writeError(this.path, error);
    }
  }

  /** What is cut off was never acknowledged; it is kept aside for a person to look at. */
  async #cutOff({ torn, completed }: JournalContent): Promise<void> {
    const savedAs = `${this.path}.torn-${this.#size}`;
    await writeFile(savedAs, torn, { flush: true });
    await this.#file.truncate(this.#size);
    await this.#file.sync();
    if (completed) this.#enqueue(completed);
    this.append({ type: 'journal.repaired', data: { bytes: torn.length, savedAs: basename(savedAs) } });
    await this.flushed();
  }
}

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, position + written);
    written += bytesWritten;
  }
}

/** Makes a file's name durable: a new or moved entry is safe only when its directory is on disk too. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

const isErrno = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

const writeError = (path: string, cause: unknown): CodedError =>
  coded('CW-JOURNAL-WRITE', `${path} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}.`, {
    cause,
  });
