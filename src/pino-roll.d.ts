// pino-roll 4 ships no types; these are the options that log.ts uses, as its README names them.
declare module 'pino-roll' {
  import type { DestinationStream } from 'pino';

  type RollOptions = {
    file: string;
    extension: string;
    frequency: 'daily';
    dateFormat: string;
    mkdir: boolean;
    sync: boolean;
    /** `count` files are kept in addition to the current one. */
    limit: { count: number; removeOtherLogFiles: boolean };
  };
  export default function roll(options: RollOptions): Promise<DestinationStream>;
}
