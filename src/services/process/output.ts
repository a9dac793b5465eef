// What a program prints, bounded and masked: its last part in memory as plain text, the whole of it in a file.
import { createWriteStream, type WriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';
import { outputHeldBackChars, outputLineMaxChars, outputLogMaxBytes, outputTailMaxChars } from '../../events/bounds.ts';
import { coded } from '../../events/failure.ts';
import type { Mask } from './mask.ts';

export class BoundedOutput {
  readonly #mask: Mask;
  readonly #log: WriteStream | undefined;
  readonly #lanes: Lane[] = [];
  #tail = '';
  #loggedBytes = 0;

  /** `logFile` is created, or emptied, readable by its owner only. */
  constructor(mask: Mask, logFile: string | undefined) {
    this.#mask = mask;
    if (logFile === undefined) return;
    this.#log = createWriteStream(logFile, { mode: 0o600 });
    // The error is thrown by `end`; without a listener it would end the worker here.
    this.#log.on('error', () => undefined);
  }

  /** Takes what the stream brings. Streams are interleaved line by line, so that neither splits a character or a secret of the other. */
  follow(stream: Readable): void {
    const lane = new Lane(this.#mask, (text) => this.#write(text));
    this.#lanes.push(lane);
    stream.on('data', (chunk: Buffer) => lane.take(chunk));
  }

  /** Writes out what is left and closes the file. Throws `CW-WORKSPACE-DISK` when the disk is full; other errors of the file as they are. */
  async end(): Promise<void> {
    for (const lane of this.#lanes) lane.end();
    if (this.#log === undefined) return;
    this.#log.end();
    try {
      await finished(this.#log);
    } catch (cause) {
      if (!isDiskFull(cause)) throw cause;
      throw coded('CW-WORKSPACE-DISK', 'The output of a command could not be written: the disk is full.', { cause });
    }
  }

  /** The last 8,000 characters without colours and control characters, in lines that end with `\n`. */
  tail(): string {
    // Cutting can halve a character of two code units; GitHub refuses such text.
    return this.#tail.toWellFormed();
  }

  #write(masked: string): void {
    // A secret that was interrupted by a colour code appears only when the code is gone: hence the second masking.
    this.#tail = (this.#tail + this.#mask(plain(masked))).slice(-outputTailMaxChars);
    if (this.#log === undefined || this.#loggedBytes >= outputLogMaxBytes) return;
    this.#loggedBytes += Buffer.byteLength(masked);
    this.#log.write(masked);
    if (this.#loggedBytes >= outputLogMaxBytes) this.#log.write('\n… the rest of the output was not kept\n');
  }
}

/** One stream of a program: puts its chunks together to whole characters and lines, and masks those. */
class Lane {
  readonly #mask: Mask;
  readonly #write: (masked: string) => void;
  readonly #decoder = new StringDecoder('utf8');
  #open = '';

  constructor(mask: Mask, write: (masked: string) => void) {
    this.#mask = mask;
    this.#write = write;
  }

  take(chunk: Buffer): void {
    const text = this.#open + this.#decoder.write(chunk);
    const end = text.lastIndexOf('\n') + 1;
    if (end > 0) this.#write(this.#mask(text.slice(0, end)));
    this.#open = text.slice(end);
    if (this.#open.length <= outputLineMaxChars) return;
    const masked = this.#mask(this.#open);
    this.#write(masked.slice(0, -outputHeldBackChars));
    this.#open = masked.slice(-outputHeldBackChars);
  }

  end(): void {
    const rest = this.#open + this.#decoder.end();
    this.#open = '';
    if (rest !== '') this.#write(this.#mask(rest));
  }
}

const plain = (text: string): string =>
  stripVTControlCharacters(text)
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[^\P{Cc}\n\t]/gu, '');

const isDiskFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
