// The log: JSON lines, pretty on a terminal, and the same into a file a day of which seven are kept. Secrets are masked in the finished line.
import { pino, type DestinationStream, type Logger, type StreamEntry } from 'pino';
import { logFilesKept } from './events/bounds.ts';
import { dailyFiles } from './log-files.ts';
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
    // Ctrl-C ends who reads along (`npm run worker | tee …`) too, and a closed terminal is gone: the worker still has work to put down.
    output.on('error', () => undefined);
    streams.push({ level: 'trace', stream: output.isTTY ? await prettyStream(output, colour) : output });
  }
  if (folder !== undefined) streams.push({ level: 'trace', stream: dailyFiles({ folder, kept: logFilesKept }) });
  const hooks = { streamWrite: mask };
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, hooks }, pino.multistream(streams));
}

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
