// The log: JSON lines, pretty on a terminal, and the same into a file a day of which seven are kept. Secrets are masked in the finished line.
import { join } from 'node:path';
import { pino, type DestinationStream, type Logger, type StreamEntry } from 'pino';
import roll from 'pino-roll';
import { logFilesKept } from './events/bounds.ts';
import type { Mask } from './services/process/mask.ts';

export type LogSettings = {
  level: string;
  /** Folder for the daily files; without it there are none. */
  folder?: string;
  mask: Mask;
  /** Where people or other programs read along, if anywhere. */
  output?: NodeJS.WriteStream;
  /** False honours NO_COLOR. */
  colour?: boolean;
};

/** A logger whose lines have passed `mask`, whatever field a secret was in. */
export async function openLog({ level, folder, mask, output, colour = false }: LogSettings): Promise<Logger> {
  const streams: StreamEntry[] = [];
  if (output !== undefined) {
    streams.push({ level: 'trace', stream: output.isTTY ? await prettyStream(output, colour) : output });
  }
  if (folder !== undefined) streams.push({ level: 'trace', stream: await dailyFile(folder) });
  const hooks = { streamWrite: mask };
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, hooks }, pino.multistream(streams));
}

const dailyFile = (folder: string): Promise<DestinationStream> =>
  roll({
    file: join(folder, 'worker'),
    extension: '.jsonl',
    frequency: 'daily',
    dateFormat: 'yyyy-MM-dd',
    mkdir: true,
    // The last lines before a crash are the ones that matter.
    sync: true,
    limit: { count: logFilesKept - 1, removeOtherLogFiles: true },
  });

async function prettyStream(output: NodeJS.WriteStream, colour: boolean): Promise<DestinationStream> {
  const { default: pretty } = await import('pino-pretty');
  return pretty({
    destination: output,
    colorize: colour,
    sync: true,
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'pid,hostname',
  });
}
